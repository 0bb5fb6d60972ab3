// SPDX-License-Identifier: Apache-2.0
#include "flux/substitute.hpp"

#include "base/text.hpp"
#include "flux/shell_functions.hpp"
#include "yaml/parse.hpp"

#include <algorithm>

namespace sluice::flux {
namespace {

bool is_identifier(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// Evaluates as it reads. What an argument accepts, and where an escape counts, differs from form
/// to form; it is what Flux' envsubst does, quirks included.
class Reader {
 public:
  Reader(std::string_view text, const std::map<std::string, std::string>& variables, Strict strict)
      : text_(text), variables_(variables), strict_(strict) {}

  bool run(std::string& out) {
    while (at_ < text_.size()) {
      if (here("${")) {
        place_ = at_;
        at_ += 2;
        if (!expression(out, 0)) {
          return false;
        }
      } else if (here("$$")) {
        out += '$';
        at_ += 2;
      } else {
        const auto next = std::min(text_.find('$', at_ + 1), text_.size());
        out += text_.substr(at_, next - at_);
        at_ = next;
      }
    }
    return true;
  }

  std::string message;
  std::string variable;
  [[nodiscard]] std::size_t place() const { return place_; }

 private:
  static constexpr int deepest = 100;

  [[nodiscard]] bool here(std::string_view word) const {
    return text_.substr(at_).starts_with(word);
  }
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  bool fail(std::string why) {
    message = std::move(why);
    return false;
  }
  bool bad() { return fail("bad substitution"); }

  std::string identifier() {
    const auto begin = at_;
    while (at_ < text_.size() && is_identifier(text_[at_])) {
      ++at_;
    }
    return std::string(text_.substr(begin, at_ - begin));
  }

  /// What stands between "${" and "}"; the brace is read too.
  bool expression(std::string& out, int depth) {
    if (depth > deepest) {
      return fail("variables nested too deep");
    }
    std::string operation;
    if (peek() == '#') {
      ++at_;
      const auto name = identifier();
      return name.empty() ? bad() : close() && finish(name, "#", {}, out);
    }
    const auto name = identifier();
    if (name.empty()) {
      return fail("a variable's name is missing after \"${\"");
    }
    std::vector<std::string> arguments;
    switch (peek()) {
      case ':':
        return colon(name, out, depth);
      case '=':
        operation = text_.substr(at_++, 1);
        return default_value(arguments, depth) && finish(name, operation, arguments, out);
      case ',':
      case '^':
        operation = run_of(",^", 2);
        return close() && finish(name, operation, arguments, out);
      case '/':
        return replacement(name, out, depth);
      case '#':
      case '%':
        operation = run_of(std::string(1, peek()), 2);
        return argument(arguments, "}", depth) && close() &&
               finish(name, operation, arguments, out);
      default:
        return close() && finish(name, operation, arguments, out);
    }
  }

  std::string run_of(std::string_view characters, std::size_t most) {
    std::string run;
    while (run.size() < most && at_ < text_.size() &&
           characters.find(text_[at_]) != std::string_view::npos) {
      run += text_[at_++];
    }
    return run;
  }

  bool close() {
    if (peek() != '}') {
      return fail("a closing brace is missing");
    }
    ++at_;
    return true;
  }

  bool colon(const std::string& name, std::string& out, int depth) {
    ++at_;
    std::vector<std::string> arguments;
    if (at_ < text_.size() && std::string_view("=-?+").find(text_[at_]) != std::string_view::npos) {
      const std::string operation = std::string(":") + text_[at_++];
      return default_value(arguments, depth) && finish(name, operation, arguments, out);
    }
    if (!argument(arguments, ":}", depth)) {
      return false;
    }
    if (peek() == ':') {
      run_of(":", std::string::npos);
      if (!argument(arguments, "}", depth)) {
        return false;
      }
    }
    return close() && finish(name, ":", arguments, out);
  }

  /// Texts and variables in a row, up to the brace. There are no escapes in it.
  bool default_value(std::vector<std::string>& arguments, int depth) {
    while (peek() != '}') {
      if (!argument(arguments, "}", depth)) {
        return false;
      }
    }
    return close();
  }

  bool replacement(const std::string& name, std::string& out, int depth) {
    std::string operation(1, text_[at_++]);
    if (std::string_view("/#%").find(peek()) != std::string_view::npos && at_ < text_.size()) {
      operation += text_[at_++];
    }
    std::vector<std::string> arguments;
    if (peek() == '/') {
      arguments.emplace_back();
    } else if (!argument(arguments, "/", depth, Escapes::yes)) {
      return false;
    }
    if (run_of("/", std::string::npos).empty()) {
      return bad();
    }
    if (peek() != '}' && !argument(arguments, "}", depth, Escapes::yes)) {
      return false;
    }
    return close() && finish(name, operation, arguments, out);
  }

  enum class Escapes { no, yes };

  /// One variable, or a text up to one of `stops` or the next variable. Empty is an error.
  bool argument(std::vector<std::string>& arguments,
                std::string_view stops,
                int depth,
                Escapes escapes = Escapes::no) {
    std::string text;
    if (here("${")) {
      at_ += 2;
      if (!expression(text, depth + 1)) {
        return false;
      }
      arguments.push_back(std::move(text));
      return true;
    }
    const auto begin = at_;
    while (at_ < text_.size() && !here("${") && stops.find(text_[at_]) == std::string_view::npos) {
      const bool escaped = escapes == Escapes::yes && (here("$$") || here("\\/") || here("\\\\"));
      at_ += escaped ? 1 : 0;
      text += text_[at_++];
    }
    if (at_ == begin) {
      return at_ < text_.size() ? fail("an argument is missing") : bad();
    }
    arguments.push_back(std::move(text));
    return true;
  }

  bool finish(const std::string& name,
              std::string_view operation,
              const std::vector<std::string>& arguments,
              std::string& out) {
    const auto found = variables_.find(name);
    if (found == variables_.end() && strict_ == Strict::yes && !has_default(operation)) {
      variable = name;
      return fail("variable \"" + text::printable(name) + "\" is not set");
    }
    const auto result =
        apply_operation(operation, found == variables_.end() ? "" : found->second, arguments);
    if (!result) {
      variable = name;
      return fail("what becomes of variable \"" + text::printable(name) +
                  "\" is not known exactly");
    }
    if (out.size() + result->size() > most_bytes) {
      return fail("variables make the document longer than 64 MiB");
    }
    out += *result;
    return true;
  }

  static constexpr std::size_t most_bytes = std::size_t{64} << 20U;

  std::string_view text_;
  const std::map<std::string, std::string>& variables_;
  Strict strict_;
  std::size_t at_ = 0;
  std::size_t place_ = 0;
};

/// The label or annotation that keeps an object as it is.
bool is_disabled(std::string_view document) {
  constexpr std::string_view key = "kustomize.toolkit.fluxcd.io/substitute";
  if (document.find(key) == std::string_view::npos) {
    return false;
  }
  const auto stream = yaml::parse(std::string(document), "document");
  if (!stream) {
    return false;
  }
  return std::ranges::any_of(stream->documents, [&](const auto& one) {
    return one.text(one.root(), {"metadata", "labels", key}) == "disabled" ||
           one.text(one.root(), {"metadata", "annotations", key}) == "disabled";
  });
}

}  // namespace

bool is_variable_name(std::string_view name) {
  const auto plain = [](char c) {
    return is_identifier(c) && static_cast<unsigned char>(c) < 0x80;
  };
  return !name.empty() && !(name[0] >= '0' && name[0] <= '9') && std::ranges::all_of(name, plain);
}

Substituted substitute(std::string_view document,
                       const std::map<std::string, std::string>& variables,
                       Strict strict) {
  if (document.find('$') == std::string_view::npos || is_disabled(document)) {
    return {.text = std::string(document), .message = {}, .variable = {}};
  }
  Substituted result{.text = {}, .message = {}, .variable = {}};
  Reader reader(document, variables, strict);
  if (reader.run(result.text)) {
    return result;
  }
  result.ok = false;
  result.text = document;
  result.message = std::move(reader.message);
  result.variable = std::move(reader.variable);
  const auto before = document.substr(0, reader.place());
  result.line = static_cast<std::uint32_t>(std::ranges::count(before, '\n') + 1);
  return result;
}

}  // namespace sluice::flux
