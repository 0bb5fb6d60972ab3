// SPDX-License-Identifier: Apache-2.0
#include "image/reference.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace sluice::image {
namespace {

constexpr std::size_t longest_name = 255;
constexpr std::size_t longest_tag = 128;
constexpr std::size_t longest_text = 1024;  ///< name, tag and the longest digest stay below

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f');
}
bool is_letter_or_digit(char c) {
  return is_lower(c) || is_upper(c) || is_digit(c);
}

/// [a-z0-9]+ joined by one '.', one or two '_', or any number of '-'.
bool is_path_component(std::string_view text) {
  std::size_t at = 0;
  while (true) {
    const auto from = at;
    while (at < text.size() && (is_lower(text[at]) || is_digit(text[at]))) {
      ++at;
    }
    if (at == from) {
      return false;
    }
    if (at == text.size()) {
      return true;
    }
    if (text[at] == '-') {
      while (at < text.size() && text[at] == '-') {
        ++at;
      }
    } else if (text[at] == '.') {
      ++at;
    } else if (text[at] == '_') {
      at += text.substr(at).starts_with("__") ? 2 : 1;
    } else {
      return false;
    }
  }
}

bool is_host_label(std::string_view label) {
  return !label.empty() && is_letter_or_digit(label.front()) && is_letter_or_digit(label.back()) &&
         std::ranges::all_of(label, [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

bool is_domain(std::string_view text) {
  std::string_view host = text;
  if (text.starts_with('[')) {  // an IPv6 address; zone identifiers are not allowed
    const auto close = text.find(']');
    if (close == std::string_view::npos || close < 2) {
      return false;
    }
    const auto address = text.substr(1, close - 1);
    if (!std::ranges::all_of(
            address, [](char c) { return is_hex(c) || (c >= 'A' && c <= 'F') || c == ':'; })) {
      return false;
    }
    host = {};
    text.remove_prefix(close + 1);
  } else {
    host = text.substr(0, text.find(':'));
    text.remove_prefix(host.size());
    if (!std::ranges::all_of(text::split(host, '.'), is_host_label)) {
      return false;
    }
  }
  return text.empty() ||
         (text.size() > 1 && text.front() == ':' && std::ranges::all_of(text.substr(1), is_digit));
}

/// Docker's rule: "acme/iris" has no domain, "localhost/iris", "acme.io/iris", "acme:80/iris" and
/// "Acme/iris" do.
bool names_domain(std::string_view first) {
  return first.find_first_of(".:") != std::string_view::npos || first == "localhost" ||
         std::ranges::any_of(first, is_upper);
}

Error refuse(std::string_view text, const std::string& reason) {
  return {Error::Kind::parse, '"' + text::printable(text, 300) + "\" " + reason};
}

bool is_path(std::string_view path) {
  return std::ranges::all_of(text::split(path, '/'), is_path_component);
}

/// Why a path is none; empty when it is one.
std::string why_no_path(std::string_view path) {
  if (is_path(path)) {
    return {};
  }
  if (is_path(text::to_lower(path))) {
    return "has upper-case letters in the repository's path, which registries refuse";
  }
  return "is no image reference: the path \"" + text::printable(path, 100) +
         "\" is not made of [a-z0-9] joined by '/', '.', '_', '__' or '-'";
}

/// Reads ":tag" and "@digest" off the end of `text` into `reference`; the rest is the name.
Status take_version(std::string_view whole, std::string_view& text, Reference& reference) {
  if (const auto at = text.find('@'); at != std::string_view::npos) {
    reference.digest = text.substr(at + 1);
    text = text.substr(0, at);
    if (!is_digest(reference.digest)) {
      return refuse(whole, "has no digest after '@': sha256: and 64 hexadecimal digits are wanted");
    }
  }
  const auto colon = text.rfind(':');
  const auto slash = text.rfind('/');
  // A colon before the last slash, or within an IPv6 address, belongs to the domain.
  if (colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash)) {
    reference.tag = text.substr(colon + 1);
    text = text.substr(0, colon);
    if (!is_tag(reference.tag)) {
      return refuse(whole, "has no valid tag: \"" + text::printable(reference.tag, 140) +
                               "\" is not 1 to 128 of [A-Za-z0-9_.-], begun by none of \".-\"");
    }
  }
  return ok;
}

}  // namespace

std::string Reference::name() const {
  return domain.empty() ? path : domain + '/' + path;
}

std::string Reference::text() const {
  std::string text = name();
  if (!tag.empty()) {
    text += ':' + tag;
  }
  if (!digest.empty()) {
    text += '@' + digest;
  }
  return text;
}

bool is_tag(std::string_view text) {
  return !text.empty() && text.size() <= longest_tag && text.front() != '.' &&
         text.front() != '-' && std::ranges::all_of(text, [](char c) {
           return is_letter_or_digit(c) || c == '_' || c == '.' || c == '-';
         });
}

bool is_digest(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, std::size_t>, 3> algorithms{
      {{"sha256:", 64}, {"sha384:", 96}, {"sha512:", 128}}};
  return std::ranges::any_of(algorithms, [&](const auto& algorithm) {
    return text.size() == algorithm.first.size() + algorithm.second &&
           text.starts_with(algorithm.first) &&
           std::ranges::all_of(text.substr(algorithm.first.size()), is_hex);
  });
}

Result<Reference> parse(std::string_view text) {
  if (text.empty()) {
    return refuse(text, "is no image reference: it is empty");
  }
  if (text.size() > longest_text) {
    return refuse(text, "is no image reference: it is longer than any");
  }
  constexpr std::size_t id_digits = 64;
  if (text.size() == id_digits && std::ranges::all_of(text, is_hex)) {
    return refuse(text, "is an image ID, which names no repository");
  }
  Reference reference;
  std::string_view name = text;
  SLUICE_TRY(take_version(text, name, reference));
  if (name.size() > longest_name) {
    return refuse(text, "has a name longer than 255 bytes");
  }
  if (const auto slash = name.find('/');
      slash != std::string_view::npos && names_domain(name.substr(0, slash))) {
    reference.domain = name.substr(0, slash);
    name.remove_prefix(slash + 1);
    if (!is_domain(reference.domain)) {
      return refuse(text, "is no image reference: \"" + text::printable(reference.domain, 100) +
                              "\" is no host");
    }
  }
  reference.path = name;
  if (auto why = why_no_path(name); !why.empty()) {
    return refuse(text, why);
  }
  return reference;
}

Result<Reference> parse_version(std::string_view text) {
  Reference reference;
  std::string_view rest = text;
  if (is_digest(text)) {
    reference.digest = text;
    return reference;
  }
  std::string with_sign;
  if (!text.starts_with(':') && !text.starts_with('@')) {
    with_sign = ':' + std::string(text);
    rest = with_sign;
  }
  SLUICE_TRY(take_version(text, rest, reference));
  if (!rest.empty() || (reference.tag.empty() && reference.digest.empty())) {
    return refuse(text, "is neither a tag nor a digest");
  }
  return reference;
}

std::string normalised_name(const Reference& reference) {
  constexpr std::string_view standard = "docker.io";
  auto domain = text::to_lower(reference.domain);
  if (domain.empty() || domain == "index.docker.io") {
    domain = standard;
  }
  const bool official = domain == standard && reference.path.find('/') == std::string::npos;
  return domain + (official ? "/library/" : "/") + reference.path;
}

std::optional<std::string> normalised_name(std::string_view text) {
  const auto reference = parse(text);
  return reference ? std::optional(normalised_name(*reference)) : std::nullopt;
}

bool same_name(const Reference& a, const Reference& b) {
  return normalised_name(a) == normalised_name(b);
}

}  // namespace sluice::image
