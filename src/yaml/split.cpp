// SPDX-License-Identifier: Apache-2.0
#include "yaml/split.hpp"

#include "base/sha256.hpp"
#include "base/text.hpp"

#include <charconv>
#include <cstring>
#include <optional>
#include <string>

namespace sluice::yaml {
namespace {

constexpr std::string_view first_line = "# sluice: stream v1\n";
constexpr std::string_view provenance_start = "# sluice: ";

std::size_t end_of_line(std::string_view bytes, std::size_t from) {
  const auto* at =
      static_cast<const char*>(std::memchr(bytes.data() + from, '\n', bytes.size() - from));
  return at == nullptr ? bytes.size() : static_cast<std::size_t>(at - bytes.data()) + 1;
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(value)
                                                                  : std::nullopt;
}

/// Reads and checks "# sluice: end objects=N skipped=M [unchanged=K] sha256=...", the last line of
/// render's streams; returns where it begins.
Result<std::size_t> check_end(const Source& source, Split& split) {
  const auto bytes = source.bytes();
  const auto cut_off = [&](std::string_view why) {
    return Error{Error::Kind::parse, text::printable(source.file()) +
                                         ": the stream of sluice-render " + std::string(why) +
                                         "; run the render again and read its exit code"};
  };
  if (!bytes.ends_with('\n')) {
    return cut_off("is cut off: its last line is missing");
  }
  const auto before = bytes.substr(0, bytes.size() - 1).rfind('\n');
  const auto begin = before == std::string_view::npos ? 0 : before + 1;
  const auto line = bytes.substr(begin, bytes.size() - 1 - begin);
  constexpr std::string_view start = "# sluice: end ";
  if (!line.starts_with(start) || begin < first_line.size()) {
    return cut_off("is cut off: its last line is missing");
  }
  std::string_view digest;
  std::optional<std::uint64_t> objects;
  std::optional<std::uint64_t> skipped;
  std::optional<std::uint64_t> unchanged = 0;  // whole streams do not speak of it
  for (const auto word : text::split(line.substr(start.size()), ' ')) {
    const auto equals = word.find('=');
    const auto name = word.substr(0, equals);
    const auto value =
        equals == std::string_view::npos ? std::string_view{} : word.substr(equals + 1);
    if (name == "objects") {
      objects = number(value);
    } else if (name == "skipped") {
      skipped = number(value);
    } else if (name == "unchanged") {
      unchanged = number(value);
    } else if (name == "sha256") {
      digest = value;
    }
  }
  if (!objects || !skipped || !unchanged) {
    return cut_off("has a last line without numbers");
  }
  if (digest != hex(sha256(bytes.substr(first_line.size(), begin - first_line.size())))) {
    return cut_off(
        "was changed after it was written: its bytes do not fit the sha256 of its last line");
  }
  split.from_render = true;
  split.objects = *objects;
  split.skipped = *skipped;
  split.unchanged = *unchanged;
  return begin;
}

}  // namespace

/// "unit=apps/iris env=prod source=a/b.yaml:3 dest=in-cluster ns=web"
Provenance origin_of(const Chunk& chunk) {
  Provenance origin;
  for (const auto word : text::split(chunk.provenance, ' ')) {
    const auto equals = word.find('=');
    if (equals == std::string_view::npos) {
      continue;
    }
    const auto name = word.substr(0, equals);
    auto value = word.substr(equals + 1);
    if (name == "unit") {
      origin.unit = text::percent_decode(value);
    } else if (name == "env") {
      origin.env = text::percent_decode(value);
    } else if (name == "dest") {
      origin.destination = text::percent_decode(value);
    } else if (name == "ns") {
      origin.name_space = text::percent_decode(value);
    } else if (name == "source") {
      const auto colon = value.rfind(':');
      if (const auto line_number =
              colon == std::string_view::npos ? std::nullopt : number(value.substr(colon + 1))) {
        origin.source_line = static_cast<std::uint32_t>(*line_number);
        value = value.substr(0, colon);
      }
      origin.source = text::percent_decode(value);
    }
  }
  return origin;
}

Result<Split> split(const Source& source) {
  Split split;
  const auto bytes = source.bytes();
  std::size_t at = 0;
  std::size_t end = bytes.size();
  if (bytes.starts_with(first_line)) {
    SLUICE_TRY_ASSIGN(end, check_end(source, split));
    at = first_line.size();
  }
  Chunk chunk{at, at, {}};
  const auto finish = [&](std::size_t chunk_end) {
    chunk.end = chunk_end;
    if (chunk.end > chunk.begin) {
      split.chunks.push_back(chunk);
    }
  };
  while (at < end) {
    const auto next = std::min(end_of_line(bytes, at), end);
    if (bytes[at] != '-' || bytes.compare(at, 3, "---") != 0) {
      at = next;
      continue;
    }
    finish(at);
    const auto rest = text::trim(bytes.substr(at + 3, next - at - 3));
    if (!rest.empty() && rest.front() != '#') {
      auto location = source.at(at);
      split.findings.push_back(
          {.location = std::move(location),
           .code = "yaml/separator",
           .message = "text after a document separator: \"" + text::printable(rest, 60) + '"',
           .hint = "put it on a line of its own; kubectl refuses such a line"});
    }
    at = next;
    chunk = {at, at, {}};
    if (split.from_render && bytes.compare(at, provenance_start.size(), provenance_start) == 0) {
      const auto after = std::min(end_of_line(bytes, at), end);
      const auto words = bytes.substr(at, after - at).substr(provenance_start.size());
      chunk.provenance = text::trim(words);
      at = after;
      chunk.begin = at;
    }
  }
  finish(end);
  return split;
}

}  // namespace sluice::yaml
