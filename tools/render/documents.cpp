// SPDX-License-Identifier: Apache-2.0
#include "render/documents.hpp"

#include "base/text.hpp"
#include "render/apply_size.hpp"
#include "yaml/count.hpp"

#include <algorithm>

namespace sluice::render {
namespace {

constexpr std::size_t most_documents = 100'000;  ///< of one unit

constexpr std::string_view forged_mark = "# sluice:";
constexpr std::string_view source_mark = "# Source: ";

/// Bytes of scalars; aliased nodes lie elsewhere and are passed over, or a billion laughs would be
/// walked out here.
std::vector<yaml::Span> scalar_spans(const yaml::Document& document) {
  std::vector<yaml::Span> spans;
  std::vector<const yaml::Node*> open = {&document.root()};
  while (!open.empty()) {
    const auto* node = open.back();
    open.pop_back();
    if (node->by_alias) {
      continue;
    }
    if (node->is_scalar()) {
      spans.push_back(node->span);
      continue;
    }
    for (const auto& child : document.children(*node)) {
      open.push_back(&child);
    }
  }
  std::sort(spans.begin(), spans.end(), [](auto a, auto b) { return a.begin < b.begin; });
  return spans;
}

bool inside(const std::vector<yaml::Span>& spans, std::size_t at) {
  auto after = std::upper_bound(spans.begin(), spans.end(), at,
                                [](auto value, auto span) { return value < span.begin; });
  return after != spans.begin() && at < std::prev(after)->end;
}

/// The document's bytes without forged provenance.
std::string without_forged(const yaml::Document& document, Forged forged) {
  const auto bytes = document.bytes();
  if (bytes.find(forged_mark) == std::string_view::npos) {
    return std::string(bytes);
  }
  const auto spans = scalar_spans(document);
  std::string out;
  for (std::size_t at = 0; at < bytes.size();) {
    const auto newline = bytes.find('\n', at);
    const auto end = newline == std::string_view::npos ? bytes.size() : newline + 1;
    const auto line = bytes.substr(at, end - at);
    const auto start = line.find_first_not_of(" \t");
    const bool looks_forged =
        start != std::string_view::npos && line.substr(start).starts_with(forged_mark);
    if (!looks_forged || inside(spans, document.begin() + at + start)) {
      out += line;
    } else if (forged == Forged::blank) {
      out += "#\n";
    }
    at = end;
  }
  return out;
}

/// The last "# Source: " comment before a line of what helm printed.
std::string source_before(std::string_view text, std::uint32_t line) {
  std::string source;
  for (std::uint32_t at = 1; at <= line && !text.empty(); ++at) {
    const auto end = std::min(text.find('\n'), text.size());
    if (text.starts_with(source_mark)) {
      source = text::trim(text.substr(source_mark.size(), end - source_mark.size()));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return source;
}

std::string_view scalar(const yaml::Document& document,
                        const yaml::Node& node,
                        std::string_view key) {
  const auto* value = node.kind == yaml::Kind::mapping ? document.find(node, key) : nullptr;
  return value != nullptr && value->is_scalar() ? value->text : std::string_view{};
}

/// Says of the piece that was added last when it cannot be applied.
void note_size(const yaml::Document& document, Delivery& delivery) {
  auto finding = too_large_to_apply(document, delivery.unit.apply);
  if (finding) {
    const auto& piece = delivery.pieces.back();
    finding->location = {.file = piece.source, .line = piece.line};
    delivery.findings.push_back(std::move(*finding));
  }
}

/// False, with the delivery failed, when there is nothing to cut or too much of it.
bool may_be_cut(const Result<yaml::Stream>& stream, Delivery& delivery) {
  if (!stream) {
    delivery.failure = stream.error().message;
    delivery.code = "render/failed";
  } else if (stream->documents.size() > most_documents) {
    delivery.failure = "it makes more than " + std::to_string(most_documents) + " documents";
    delivery.code = "render/limit";
  }
  return delivery.failure.empty();
}

}  // namespace

std::string document_bytes(const yaml::Document& document, Forged forged) {
  auto out = without_forged(document, forged);
  if (out.starts_with("\xef\xbb\xbf")) {
    out.erase(0, 3);
  }
  if (out.find('\r') != std::string::npos) {  // YAML reads both line breaks alike
    out = text::replace_all(std::move(out), "\r\n", "\n");
  }
  if (!out.ends_with('\n')) {
    out += '\n';
  }
  return out;
}

bool is_lost(const diag::Finding& finding) {
  return finding.code != "yaml/separator" && finding.code != "yaml/trailing-text";
}

diag::ObjectRef identity(const yaml::Document& document) {
  const auto& root = document.root();
  diag::ObjectRef ref{.api_version = std::string(scalar(document, root, "apiVersion")),
                      .kind = std::string(scalar(document, root, "kind"))};
  const auto* metadata =
      root.kind == yaml::Kind::mapping ? document.find(root, "metadata") : nullptr;
  if (metadata != nullptr) {
    ref.name_space = scalar(document, *metadata, "namespace");
    ref.name = scalar(document, *metadata, "name");
  }
  return ref;
}

std::string printed_source(const yaml::Document& document) {
  auto bytes = document.bytes();
  while (bytes.starts_with('#') || bytes.starts_with('\n')) {
    const auto end = std::min(bytes.find('\n'), bytes.size());
    if (bytes.starts_with(source_mark)) {
      return std::string(text::trim(bytes.substr(source_mark.size(), end - source_mark.size())));
    }
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
  }
  return {};
}

void cut(const std::string& text,
         const std::string& name,
         Delivery& delivery,
         const std::function<std::string(const yaml::Document*, const std::string&)>& source,
         const yaml::Limits& limits) {
  const auto stream = yaml::parse(text, name, limits);
  if (!may_be_cut(stream, delivery)) {
    return;
  }
  for (auto finding : stream->findings) {
    delivery.lost += is_lost(finding) ? 1 : 0;
    const auto file = source(nullptr, source_before(text, finding.location.line));
    finding.rendered = finding.location;
    finding.location = {.file = file.empty() ? name : file};
    delivery.findings.push_back(std::move(finding));
  }
  std::string printed;
  for (const auto& document : stream->documents) {
    if (auto here = printed_source(document); !here.empty()) {
      printed = std::move(here);
    }
    delivery.pieces.push_back({.source = source(&document, printed),
                               .bytes = document_bytes(document, Forged::remove),
                               .objects = yaml::count_objects(document),
                               .object = identity(document)});
    note_size(document, delivery);
  }
}

void cut_file(std::string text,
              const std::string& path,
              Delivery& delivery,
              const yaml::Limits& limits) {
  const auto stream = yaml::parse(std::move(text), path, limits);
  if (!may_be_cut(stream, delivery)) {
    return;
  }
  for (const auto& finding : stream->findings) {
    delivery.lost += is_lost(finding) ? 1 : 0;
    delivery.findings.push_back(finding);
  }
  for (const auto& document : stream->documents) {
    delivery.pieces.push_back({.source = path,
                               .line = document.source().at(document.begin()).line,
                               .bytes = document_bytes(document, Forged::blank),
                               .objects = yaml::count_objects(document),
                               .object = identity(document)});
    note_size(document, delivery);
  }
}

}  // namespace sluice::render
