// SPDX-License-Identifier: Apache-2.0
// Argo CD's Go templates in the words of Helm's `tpl`.
#include "argo/go_template.hpp"

#include <algorithm>

namespace sluice::argo {
namespace {

using yaml::Kind;
using yaml::Value;
using State = Evaluation::State;
using Words = std::string_view[];

/// Helm has these and Argo CD has not: there the template does not parse.
constexpr Words helm_only = {"include",       "tpl",      "lookup",     "required",
                             "toToml",        "fromToml", "mustToYaml", "fromJsonArray",
                             "getHostByName", "env",      "expandenv",  "mustToToml"};
/// Another result each time, so there is none to report.
constexpr Words unstable = {"now",
                            "date",
                            "dateInZone",
                            "ago",
                            "htmlDate",
                            "uuidv4",
                            "randAlpha",
                            "randAlphaNum",
                            "randNumeric",
                            "randAscii",
                            "randBytes",
                            "randInt",
                            "shuffle",
                            "genCA",
                            "genCAWithKey",
                            "genSelfSignedCert",
                            "genSelfSignedCertWithKey",
                            "genSignedCert",
                            "genSignedCertWithKey",
                            "genPrivateKey",
                            "htpasswd",
                            "bcrypt",
                            "encryptAES",
                            "unixEpoch",
                            "dateModify",
                            "date_modify",
                            "htmlDateInZone",
                            "date_in_zone"};
/// They move the dot, so that ".name" is no parameter.
constexpr Words moves_dot = {"range", "with", "define", "block", "template"};
/// What follows them is perhaps not evaluated.
constexpr Words decides = {"if", "else", "and", "or", "range", "with"};

bool is_one_of(std::span<const std::string_view> words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

bool is_chain(const std::vector<Token>& tokens) {
  return tokens.size() == 1 && (tokens.front().kind == Token::Kind::field ||
                                tokens.front().kind == Token::Kind::variable);
}

enum class Found { yes, at_the_end, on_the_way };  ///< which part of a chain is missing

Found follow(const Value& root, const Token& token) {
  const Value* value = &root;
  for (std::size_t i = 0; i < token.names.size(); ++i) {
    value = value->find(token.names[i]);
    if (value == nullptr) {
      return i + 1 == token.names.size() ? Found::at_the_end : Found::on_the_way;
    }
  }
  return Found::yes;
}

class Translator {
 public:
  Translator(std::string_view text, const Value& parameters, MissingKey missing)
      : text_(text), parameters_(parameters), missing_(missing) {}

  Evaluation run(const std::vector<Segment>& segments) {
    for (const auto& segment : segments) {
      for (const auto& token : segment.tokens) {
        if (token.kind == Token::Kind::word) {
          decides_ = decides_ || is_one_of(decides, token.text);
        }
      }
    }
    for (const auto& segment : segments) {
      if (segment.is_action) {
        translate(segment);
        follow_blocks(segment.tokens);
      }
      if (problem_.state != State::done) {
        return problem_;
      }
    }
    out_ += text_.substr(copied_);
    return {State::done, std::move(out_)};
  }

 private:
  void translate(const Segment& segment) {
    for (const auto& token : segment.tokens) {
      if (token.kind == Token::Kind::word) {
        word(token);
      } else if (token.kind == Token::Kind::field) {
        chain(token, segment);
      }
    }
    if (is_chain(segment.tokens)) {
      const auto& token = segment.tokens.front();
      replace(token, "ternary \"" + std::string(no_value_mark) + "\" " + token.text +
                         " (kindIs \"invalid\" " + token.text + ")");
    }
  }

  /// Which blocks are open after an action, and whether the dot is another in them.
  void follow_blocks(const std::vector<Token>& tokens) {
    const auto first = tokens.empty() || tokens.front().kind != Token::Kind::word
                           ? std::string_view{}
                           : std::string_view(tokens.front().text);
    if (first == "end" && !blocks_.empty()) {
      moved_ -= blocks_.back() ? 1 : 0;
      blocks_.pop_back();
    } else if (first == "if" || (is_one_of(moves_dot, first) && first != "template")) {
      blocks_.push_back(first != "if");
      moved_ += blocks_.back() ? 1 : 0;
    }
  }

  void word(const Token& token) {
    if (is_one_of(helm_only, token.text)) {
      problem_ = {State::failed, "function \"" + token.text + "\" is not defined in Argo CD"};
    } else if (is_one_of(unstable, token.text)) {
      problem_ = {State::unsupported, "function " + token.text + " gives another result each time"};
    } else if (token.text == "slugify") {
      problem_ = {State::unsupported, "function slugify"};
    } else if (token.text == "normalize") {
      replace(token, "include \"normalize\"");
    }
  }

  void chain(const Token& token, const Segment& segment) {
    const bool rooted = moved_ == 0 || token.from_root;
    if (!rooted) {
      if (missing_ == MissingKey::error && !is_chain(segment.tokens) && !token.names.empty()) {
        problem_ = {State::unsupported,
                    "whether " + token.text + " is there is not decided under missingkey=error"};
      }
      return;
    }
    const auto found = follow(parameters_, token);
    if (found == Found::yes) {
      return;
    }
    if (missing_ == MissingKey::error) {
      problem_ = decides_ ? Evaluation{State::unsupported,
                                       "whether " + token.text + " is needed is not decided"}
                          : Evaluation{State::failed, "map has no entry for " + token.text};
    } else if (found == Found::on_the_way) {
      problem_ = {State::unsupported, token.text + " is a field of a missing value"};
    }
  }

  void replace(const Token& token, const std::string& words) {
    out_ += text_.substr(copied_, token.begin - copied_);
    out_ += words;
    copied_ = token.end;
  }

  std::string_view text_;
  const Value& parameters_;
  MissingKey missing_;
  bool decides_ = false;      ///< some of the template may not be evaluated
  std::vector<bool> blocks_;  ///< open ones; true when the dot is another in it
  int moved_ = 0;
  Evaluation problem_;
  std::string out_;
  std::size_t copied_ = 0;
};

}  // namespace

Evaluation prepare_for_helm(std::string_view text, const Value& parameters, MissingKey missing) {
  const auto segments = split_template(text);
  if (!segments) {
    return {State::failed, "an action \"{{\" has no end"};
  }
  return Translator(text, parameters, missing).run(*segments);
}

}  // namespace sluice::argo
