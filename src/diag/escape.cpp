// SPDX-License-Identifier: Apache-2.0
#include "diag/escape.hpp"

#include "base/text.hpp"

namespace sluice::diag {

std::string one_line(std::string_view untrusted) {
  return text::printable(untrusted, longest_text);
}

std::string xml(std::string_view untrusted) {
  std::string out;
  for (const char c : one_line(untrusted)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&apos;";
        break;
      default:
        out += c;
    }
  }
  // The two code points that UTF-8 can write and XML 1.0 cannot.
  out = text::replace_all(std::move(out), "\xEF\xBF\xBE", "\\u{FFFE}");
  return text::replace_all(std::move(out), "\xEF\xBF\xBF", "\\u{FFFF}");
}

std::string markdown(std::string_view untrusted) {
  constexpr std::string_view special = "\\`*_[]<>#|@&~$";
  std::string out;
  for (const char c : one_line(untrusted)) {
    if (special.find(c) == std::string_view::npos) {
      out += c;
    } else {
      out += "&#" + std::to_string(static_cast<unsigned char>(c)) + ';';
    }
  }
  return out;
}

std::string markdown_code(std::string_view untrusted) {
  return untrusted.empty() ? std::string() : "<code>" + markdown(untrusted) + "</code>";
}

std::string workflow_data(std::string_view untrusted) {
  // Line ends are gone already; '%' is what is left to protect.
  return text::replace_all(one_line(untrusted), "%", "%25");
}

std::string workflow_property(std::string_view untrusted) {
  std::string out = text::replace_all(workflow_data(untrusted), ":", "%3A");
  return text::replace_all(std::move(out), ",", "%2C");
}

}  // namespace sluice::diag
