// SPDX-License-Identifier: Apache-2.0
#include "yaml/parse.hpp"

#include "base/text.hpp"
#include "yaml/builder.hpp"
#include "yaml/count.hpp"
#include "yaml/read.hpp"
#include "yaml/shared.hpp"
#include "yaml/split.hpp"
#include "yaml/twins.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <iterator>
#include <thread>
#include <utility>

namespace sluice::yaml {
namespace {

/// What one chunk became.
struct Parsed {
  std::vector<Document> documents;
  std::vector<diag::Finding> findings;
  const Document* twin = nullptr;  ///< its only document lies in another stream
};

/// kubectl passes over a document that is only `null`.
bool is_nothing(const Document& document) {
  return document.empty() || document.root().kind == Kind::null;
}

void finish(Builder& builder, Parsed& parsed) {
  if (auto problem = builder.take_problem()) {
    parsed.findings.push_back(std::move(*problem));
  } else if (builder.has_root()) {
    auto document = builder.finish();
    if (!is_nothing(document)) {
      parsed.documents.push_back(std::move(document));
    }
  }
}

std::size_t skip_space(std::string_view bytes, std::size_t from, std::size_t end) {
  while (from < end && std::strchr(" \t\r\n", bytes[from]) != nullptr && bytes[from] != '\0') {
    ++from;
  }
  return from;
}

/// The JSON values of a chunk, one after the other; nothing when the first is no JSON (a flow
/// mapping of YAML, then).
std::optional<Parsed> parse_json_values(const Source& source,
                                        const Chunk& chunk,
                                        Builder& builder) {
  Parsed parsed;
  const auto bytes = source.bytes();
  std::size_t at = skip_space(bytes, chunk.begin, chunk.end);
  while (at < chunk.end) {
    builder.start(at, chunk.end, origin_of(chunk));
    const auto after = read_json(source, at, chunk.end, builder);
    const bool failed = builder.failed();
    if (failed && parsed.documents.empty() && !source.file().ends_with(".json")) {
      return std::nullopt;
    }
    finish(builder, parsed);
    if (failed) {
      break;
    }
    at = skip_space(bytes, after, chunk.end);
  }
  return parsed;
}

Parsed parse_chunk(const Source& source,
                   const Chunk& chunk,
                   const Limits& limits,
                   LastLine last_line,
                   Builder& builder) {
  builder.start(chunk.begin, chunk.end, origin_of(chunk));
  const auto bytes = source.bytes();
  if (chunk.end - chunk.begin > limits.document_bytes) {
    Parsed parsed;
    builder.fail("yaml/limit", chunk.begin,
                 "the document has " + std::to_string(chunk.end - chunk.begin) +
                     " bytes, more than the " + std::to_string(limits.document_bytes) + " allowed",
                 "raise --max-document-size if this is meant");
    finish(builder, parsed);
    return parsed;
  }
  const auto first = skip_space(bytes, chunk.begin, chunk.end);
  if (first < chunk.end && bytes[first] == '{') {
    if (auto parsed = parse_json_values(source, chunk, builder)) {
      return std::move(*parsed);
    }
    builder.start(chunk.begin, chunk.end, origin_of(chunk));
  }
  if (!read_plain(source, chunk.begin, chunk.end, builder)) {
    builder.start(chunk.begin, chunk.end, origin_of(chunk));
    read_yaml(source, chunk.begin, chunk.end, last_line, builder);
  }
  Parsed parsed;
  finish(builder, parsed);
  return parsed;
}

/// Each chunk by itself, or its twin.
std::vector<Parsed> parse_chunks(const Opened& opened, const Twins& twins, unsigned jobs) {
  const auto& chunks = opened.cut.chunks;
  std::vector<Parsed> parsed(chunks.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    Builder builder(opened.source, opened.limits);
    constexpr std::size_t batch = 16;  // documents are small: one atomic for several of them
    for (std::size_t from = next.fetch_add(batch); from < chunks.size();
         from = next.fetch_add(batch)) {
      for (std::size_t i = from; i < std::min(from + batch, chunks.size()); ++i) {
        if (const auto* twin = twins.find(*opened.source, chunks[i])) {
          parsed[i].twin = twin;
        } else {
          parsed[i] =
              parse_chunk(*opened.source, chunks[i], opened.limits, opened.last_line, builder);
        }
      }
    }
  };
  constexpr std::size_t worth_a_thread = 256U << 10U;  // bytes
  const auto threads = std::min<std::size_t>(jobs, opened.source->bytes().size() / worth_a_thread);
  std::vector<std::jthread> helpers;
  for (std::size_t i = 1; i < threads; ++i) {
    helpers.emplace_back(work);
  }
  work();
  helpers.clear();
  return parsed;
}

/// The documents in the order of the chunks.
SharedStream gather(std::vector<Parsed> parsed) {
  SharedStream out;
  auto& own = out.stream.documents;
  std::size_t count = 0;
  for (const auto& chunk : parsed) {
    count += chunk.documents.size();
  }
  own.reserve(count);  // none moves any more
  out.documents.reserve(parsed.size());
  for (auto& chunk : parsed) {
    if (chunk.twin != nullptr) {
      out.documents.push_back(chunk.twin);
    }
    for (auto& document : chunk.documents) {
      out.documents.push_back(&own.emplace_back(std::move(document)));
    }
    std::ranges::move(chunk.findings, std::back_inserter(out.stream.findings));
  }
  return out;
}

/// The last line of a render's stream must count what stands in it. A document that cannot be read
/// is a finding already, and cannot be counted.
Status check_count(const Source& source, const Split& cut, const SharedStream& shared) {
  if (!cut.from_render || !shared.stream.findings.empty()) {
    return ok;
  }
  std::uint64_t objects = 0;
  for (const auto* document : shared.documents) {
    objects += count_objects(*document);
  }
  if (objects != cut.objects) {
    return Error{Error::Kind::parse,
                 text::printable(source.file()) + ": the stream of sluice-render holds " +
                     text::counted(objects, "object") + ", but its last line says " +
                     std::to_string(cut.objects) + "; run the render again"};
  }
  return ok;
}

/// A partial stream must not be taken for a whole by mistake.
Status check_whole(const Source& source, const Split& cut, const Limits& limits) {
  if (cut.unchanged == 0 || limits.partial == Partial::accept) {
    return ok;
  }
  return Error{Error::Kind::parse,
               text::printable(source.file()) +
                   " is a part: " + text::counted(cut.unchanged, "unit") +
                   " that did not change are not in it; say --partial if that is meant, or run "
                   "sluice-render without --changed-since"};
}

}  // namespace

Result<Opened> open(std::string bytes, std::string file, const Limits& limits, LastLine last_line) {
  constexpr std::uint64_t offsets = std::uint64_t{1} << 32U;  // spans hold 32 bits
  if (bytes.size() > limits.stream_bytes || bytes.size() >= offsets) {
    return Error{Error::Kind::limit, text::printable(file) + " has " +
                                         std::to_string(bytes.size()) + " bytes, more than the " +
                                         std::to_string(limits.stream_bytes) +
                                         " allowed; raise --max-stream-size if this is meant"};
  }
  Opened opened{.source = std::make_shared<const Source>(std::move(file), std::move(bytes)),
                .cut = {},
                .limits = limits,
                .last_line = last_line};
  SLUICE_TRY_ASSIGN(opened.cut, split(*opened.source));
  SLUICE_TRY(check_whole(*opened.source, opened.cut, limits));
  return opened;
}

Result<SharedStream> parse_beside(std::span<const std::shared_ptr<const Stream>> others,
                                  Opened opened,
                                  unsigned jobs) {
  auto& cut = opened.cut;
  auto out = gather(parse_chunks(opened, Twins(others), jobs));
  auto& stream = out.stream;
  stream.findings.insert(stream.findings.begin(), cut.findings.begin(), cut.findings.end());
  stream.from_render = cut.from_render;
  stream.skipped = cut.skipped;
  stream.unchanged = cut.unchanged;
  SLUICE_TRY(check_count(*opened.source, cut, out));
  return out;
}

Result<Stream> parse(
    std::string bytes, std::string file, const Limits& limits, unsigned jobs, LastLine last_line) {
  Opened opened;
  SLUICE_TRY_ASSIGN(opened, open(std::move(bytes), std::move(file), limits, last_line));
  SharedStream whole;
  SLUICE_TRY_ASSIGN(whole, parse_beside({}, std::move(opened), jobs));
  return std::move(whole.stream);
}

}  // namespace sluice::yaml
