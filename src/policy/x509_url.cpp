// SPDX-License-Identifier: Apache-2.0
#include "policy/x509_extensions.hpp"

#include <arpa/inet.h>
#include <array>

namespace sluice::policy {

using std::string_view;

std::optional<Value> url_value(Arena& arena, string_view uri) {
  constexpr string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/:=&+,;";
  const auto colon = uri.find("://");
  if (colon == string_view::npos || colon == 0) {
    return std::nullopt;
  }
  std::array<string_view, 3> parts;  // what stands before '?', between, and after '#'
  const auto rest = uri.substr(colon + 3);
  const auto hash = rest.find('#');
  parts[2] = hash == string_view::npos ? string_view() : rest.substr(hash + 1);
  const auto before = rest.substr(0, hash);
  const auto question = before.find('?');
  parts[1] = question == string_view::npos ? string_view() : before.substr(question + 1);
  parts[0] = before.substr(0, question);
  for (const auto part : parts) {
    if (part.find_first_not_of(plain) != string_view::npos) {
      return std::nullopt;
    }
  }
  const auto slash = parts[0].find('/');
  const bool empty_query = question != string_view::npos && parts[1].empty();
  const auto text = [&](string_view value) { return make_string(arena, value); };
  const std::array<Member, 11> members = {
      {{"Scheme", text(uri.substr(0, colon))},
       {"Opaque", text("")},
       {"User", Value()},
       {"Host", text(parts[0].substr(0, slash))},
       {"Path", text(slash == string_view::npos ? string_view() : parts[0].substr(slash))},
       {"RawPath", text("")},
       {"OmitHost", Value::boolean(false)},
       {"ForceQuery", Value::boolean(empty_query)},
       {"RawQuery", text(parts[1])},
       {"Fragment", text(parts[2])},
       {"RawFragment", text("")}}};
  return make_object(arena, members);
}

std::string ip_text(string_view bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = bytes.size() == 4 ? AF_INET : AF_INET6;
  return inet_ntop(family, bytes.data(), text.data(), text.size()) == nullptr ? "" : text.data();
}

}  // namespace sluice::policy
