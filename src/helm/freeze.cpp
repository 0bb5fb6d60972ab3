// SPDX-License-Identifier: Apache-2.0
#include "helm/freeze.hpp"

#include "gotemplate/lexer.hpp"

#include <algorithm>
#include <iterator>

namespace sluice::helm {
namespace {

struct Frozen {
  std::string_view function;
  std::string_view instead;
};

// A certificate's own arguments become further pairs of the dictionary.
constexpr std::string_view certificate = R"(dict "Cert" "CERT" "Key" "KEY")";
constexpr std::string_view word = R"(printf "rnd%v")";
constexpr Frozen table[] = {
    {"ago", "print"},
    {"bcrypt", "print"},
    {"encryptAES", "print"},
    {"genCA", certificate},
    {"genCAWithKey", certificate},
    {"genPrivateKey", "print"},
    {"genSelfSignedCert", certificate},
    {"genSelfSignedCertWithKey", certificate},
    {"genSignedCert", certificate},
    {"genSignedCertWithKey", certificate},
    {"htpasswd", "print"},
    {"now", R"((toDate "2006-01-02" "2020-01-01"))"},
    {"randAlpha", word},
    {"randAlphaNum", word},
    {"randAscii", word},
    {"randBytes", word},
    {"randInt", "max"},
    {"randNumeric", word},
    {"shuffle", "print"},
    {"uuidv4", "print"},
};

const Frozen* find(std::string_view function) {
  const auto* const found = std::ranges::find(table, function, &Frozen::function);
  return found == std::end(table) ? nullptr : found;
}

}  // namespace

bool is_template(std::string_view path) {
  return path.starts_with("templates/") || path.find("/templates/") != std::string_view::npos;
}

bool is_frozen(std::string_view function) {
  return find(function) != nullptr;
}

std::optional<std::string> freeze_template(std::string_view text) {
  const auto segments = gotemplate::split_template(text);
  if (!segments) {
    return std::nullopt;
  }
  std::string out;
  std::size_t copied = 0;
  for (const auto& segment : *segments) {
    for (const auto& token : segment.tokens) {
      const auto* const found =
          token.kind == gotemplate::Token::Kind::word ? find(token.text) : nullptr;
      if (found != nullptr) {
        out += text.substr(copied, token.begin - copied);
        out += found->instead;
        copied = token.end;
      }
    }
  }
  if (copied == 0) {
    return std::nullopt;
  }
  return out.append(text.substr(copied));
}

}  // namespace sluice::helm
