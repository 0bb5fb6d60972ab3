// SPDX-License-Identifier: Apache-2.0
#include "render/stability.hpp"

#include "base/text.hpp"
#include "helm/archive.hpp"
#include "io/files.hpp"
#include "render/documents.hpp"
#include "yaml/parse.hpp"

#include <algorithm>
#include <set>

namespace sluice::render {
namespace {

constexpr std::uint64_t template_limit = 5U << 20U;
constexpr std::size_t most_findings =
    50;  ///< a chart that is random all over need not say so a thousand times

constexpr std::string_view random_functions[] = {"randAlphaNum",
                                                 "randAlpha",
                                                 "randNumeric",
                                                 "randAscii",
                                                 "randBytes",
                                                 "randInt",
                                                 "shuffle",
                                                 "uuidv4",
                                                 "genCA",
                                                 "genCAWithKey",
                                                 "genSignedCert",
                                                 "genSignedCertWithKey",
                                                 "genSelfSignedCert",
                                                 "genSelfSignedCertWithKey",
                                                 "genPrivateKey",
                                                 "htpasswd",
                                                 "bcrypt",
                                                 "encryptAES",
                                                 "now",
                                                 "ago",
                                                 "date"};

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '$';
}

/// The calls inside the {{ actions }} of one template.
void scan(std::string_view text,
          const std::string& file,
          bool with_lines,
          std::vector<RandomCall>& out) {
  std::size_t at = 0;
  std::uint32_t line = 1;
  std::size_t counted = 0;
  while ((at = text.find("{{", at)) != std::string_view::npos) {
    const auto end = std::min(text.find("}}", at), text.size());
    for (std::size_t i = at + 2; i < end;) {
      if (!is_word(text[i])) {
        ++i;
        continue;
      }
      const auto begin = i;
      while (i < end && is_word(text[i])) {
        ++i;
      }
      const auto word = text.substr(begin, i - begin);
      if (std::find(std::begin(random_functions), std::end(random_functions), word) ==
          std::end(random_functions)) {
        continue;
      }
      line += static_cast<std::uint32_t>(
          std::count(text.begin() + static_cast<std::ptrdiff_t>(counted),
                     text.begin() + static_cast<std::ptrdiff_t>(begin), '\n'));
      counted = begin;
      out.push_back({std::string(word), {.file = file, .line = with_lines ? line : 0}});
    }
    at = end;
  }
}

bool is_template(std::string_view path) {
  return path.find("templates/") != std::string_view::npos;
}

/// A pair of nodes that should be equal, and where they are.
struct Pair {
  const yaml::Node* first;
  const yaml::Node* second;
  std::string path;
};

struct Differing {
  const yaml::Node* node;
  std::string path;
};

std::string pointer_word(std::string_view key) {
  return text::replace_all(text::replace_all(std::string(key), "~", "~0"), "/", "~1");
}

/// The deepest nodes of `first` that differ from their like in `second`.
std::vector<Differing> differing_nodes(const yaml::Document& first, const yaml::Document& second) {
  std::vector<Differing> out;
  std::vector<Pair> open = {{&first.root(), &second.root(), ""}};
  while (!open.empty()) {
    const auto pair = open.back();
    open.pop_back();
    if (pair.first->by_alias) {
      continue;
    }
    const auto left = first.children(*pair.first);
    const auto right = second.children(*pair.second);
    const bool shape = pair.first->kind == pair.second->kind && left.size() == right.size();
    if (pair.first->is_scalar() || !shape) {
      if (!shape || pair.first->text != pair.second->text) {
        out.push_back({pair.first, pair.path});
      }
      continue;
    }
    const bool mapping = pair.first->kind == yaml::Kind::mapping;
    for (std::size_t i = mapping ? 1 : 0; i < left.size(); i += mapping ? 2 : 1) {
      open.push_back(
          {&left[i], &right[i],
           pair.path + "/" + (mapping ? pointer_word(left[i - 1].text) : std::to_string(i))});
    }
  }
  std::sort(out.begin(), out.end(),
            [](const auto& a, const auto& b) { return a.node->span.begin < b.node->span.begin; });
  return out;
}

std::string causes(const std::vector<RandomCall>& calls) {
  std::set<std::string> words;
  for (const auto& call : calls) {
    words.insert(call.function + " (" + text::printable(call.at.file) +
                 (call.at.line > 0 ? ":" + std::to_string(call.at.line) : "") + ")");
  }
  std::string out;
  std::size_t shown = 0;
  for (const auto& word : words) {
    if (++shown > 5) {
      return out + ", ...";
    }
    out += (out.empty() ? "" : ", ") + word;
  }
  return out;
}

/// Calls in the template itself, or all of them when it has none: then an included template makes
/// the call.
std::vector<RandomCall> likely(const std::vector<RandomCall>& calls, const std::string& file) {
  std::vector<RandomCall> own;
  std::copy_if(calls.begin(), calls.end(), std::back_inserter(own),
               [&](const auto& call) { return call.at.file == file; });
  return own.empty() ? calls : own;
}

diag::Finding unstable(const yaml::Document& document,
                       const Differing& place,
                       const std::string& file,
                       const std::vector<RandomCall>& calls) {
  const auto own = likely(calls, file);
  return {.location = own.size() == 1 ? own.front().at : diag::Location{.file = file},
          .code = "render/unstable",
          .severity = diag::Severity::warning,
          .message = "two renders of the same input give different values: " + causes(own),
          .hint =
              "set the value yourself, or read it from a Secret that exists; under self-heal it "
              "changes at every sync",
          .object = identity(document),
          .path = place.path};
}

}  // namespace

std::vector<RandomCall> random_calls(const std::string& root, const helm::Chart& chart) {
  std::vector<RandomCall> calls;
  for (const auto& file : chart.files) {
    if (file.ends_with(".tgz")) {
      if (const auto members = helm::read_archive(root + "/" + file)) {
        for (const auto& member : *members) {
          if (is_template(member.path)) {
            scan(member.bytes, file, false, calls);
          }
        }
      }
    } else if (is_template(file)) {
      if (const auto text = io::read_file(root + "/" + file, template_limit)) {
        scan(*text, file, true, calls);
      }
    }
  }
  return calls;
}

Difference compare_renders(const std::string& first,
                           const std::string& second,
                           const std::vector<RandomCall>& calls,
                           const std::function<std::string(const std::string&)>& source,
                           const yaml::Limits& limits) {
  Difference result{.masked = first};
  const auto left = yaml::parse(first, "render", limits);
  const auto right = yaml::parse(second, "render", limits);
  if (!left || !right || left->documents.size() != right->documents.size()) {
    result.findings.push_back(
        {.location = calls.front().at,
         .code = "render/unstable",
         .message = "two renders of the same input give different objects: " + causes(calls)});
    return result;
  }
  std::vector<yaml::Span> spans;
  std::string printed;
  for (std::size_t i = 0; i < left->documents.size(); ++i) {
    const auto& document = left->documents[i];
    if (const auto here = printed_source(document); !here.empty()) {
      printed = here;
    }
    for (const auto& place : differing_nodes(document, right->documents[i])) {
      spans.push_back(place.node->span);
      if (result.findings.size() < most_findings) {
        result.findings.push_back(unstable(document, place, source(printed), calls));
      }
    }
  }
  for (auto span = spans.rbegin(); span != spans.rend(); ++span) {
    const bool line_break = first.substr(span->begin, span->end - span->begin).ends_with('\n');
    result.masked.replace(span->begin, span->end - span->begin,
                          line_break ? "\"(unstable)\"\n" : "\"(unstable)\"");
  }
  return result;
}

}  // namespace sluice::render
