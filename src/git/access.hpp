// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace sluice::git {

/// Text that must not be seen: it has no stream operator and is not a string, so that it cannot get
/// into a message by accident.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  [[nodiscard]] bool empty() const { return text_.empty(); }
  [[nodiscard]] const std::string& reveal() const { return text_; }

 private:
  std::string text_;
};

/// How a server is reached and asked. Nothing of the user's or machine's Git configuration counts.
struct Access {
  Secret token;  ///< HTTPS: sent as the password
  /// With the token: "x-access-token" is GitHub's name, "oauth2" GitLab's; both take either.
  std::string token_user = "x-access-token";
  std::string ssh_key;      ///< SSH: file of a private key without passphrase; empty: the agent
  std::string known_hosts;  ///< SSH: the only keys believed; empty: ~/.ssh/known_hosts
  std::string ca_file;      ///< HTTPS: certificates (PEM) believed instead of the system's
  std::string proxy;        ///< HTTPS: "" none, "auto" as *_proxy variables say, else its URL
  /// A server that sends nothing for so long is given up.
  std::chrono::milliseconds silence{30'000};
  /// One exchange as a whole, however busy.
  std::chrono::milliseconds deadline{600'000};
};

/// A token from the file, or from `environment` (the value of SLUICE_GIT_TOKEN) when there is no
/// file; empty when neither is. Blanks around it are dropped. Errors: not_found, io; usage (empty
/// file, or control characters within; the text is never shown).
Result<Secret> read_token(const std::string& file, std::string_view environment);

/// What a URL is for libgit2. Errors (usage, unsupported), each with the way out: a user name with
/// a password or token in it (it would be in the process list); plain http:// to another machine
/// with a token; git:// and other schemes.
enum class Scheme : unsigned char { local, http, ssh };
Result<Scheme> scheme_of(const std::string& url, const Access& access);

/// An address without the secret that CI systems put into it: https://user:token@host/x.
std::string without_secret(std::string_view url);

}  // namespace sluice::git
