// SPDX-License-Identifier: Apache-2.0
#include "git/session.hpp"

#include "base/base64.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cstdlib>
#include <span>
#include <string_view>
#include <vector>

namespace sluice::git {

namespace {

constexpr std::size_t longest_sideband = std::size_t{64} * 1024;

Session& session_of(void* self) {
  Session& session = *static_cast<Session*>(self);
  ++session.alive;
  return session;
}

/// As OpenSSH shows it: base64 without padding.
std::string fingerprint(std::span<const unsigned char> digest) {
  std::string out = base64_encode({reinterpret_cast<const char*>(digest.data()), digest.size()});
  out.erase(out.find_last_not_of('=') + 1);
  return out;
}

}  // namespace

void Session::fill(git_remote_callbacks& callbacks) {
  callbacks.payload = this;
  callbacks.credentials = on_credentials;
  callbacks.certificate_check = on_certificate;
  callbacks.sideband_progress = on_sideband;
  callbacks.transfer_progress = on_transfer;
  callbacks.push_transfer_progress = on_push_transfer;
  callbacks.pack_progress = on_pack;
  callbacks.push_negotiation = on_negotiation;
  callbacks.push_update_reference = on_status;
}

void Session::fill(git_proxy_options& proxy) const {
  const std::string& wanted = request_.access.proxy;
  proxy.type = wanted.empty()     ? GIT_PROXY_NONE
               : wanted == "auto" ? GIT_PROXY_AUTO
                                  : GIT_PROXY_SPECIFIED;
  proxy.url = proxy.type == GIT_PROXY_SPECIFIED ? wanted.c_str() : nullptr;
}

/// libgit2 asks again after each refusal, without end: a second time is a refusal.
int Session::on_credentials(
    git_credential** out, const char* /*url*/, const char* user, unsigned allowed, void* self) {
  Session& session = session_of(self);
  session.connected = true;
  if ((allowed & GIT_CREDENTIAL_USERNAME) != 0) {
    return git_credential_username_new(out, "git");
  }
  if ((allowed & GIT_CREDENTIAL_SSH_KEY) != 0) {
    return session.give_key(out, user);
  }
  if ((allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT) != 0) {
    return session.give_token(out);
  }
  session.trouble_ = Trouble::unsupported_login;
  return GIT_EUSER;
}

int Session::give_token(git_credential** out) {
  const Access& access = request_.access;
  if (access.token.empty() || asked_ > 0) {
    trouble_ = access.token.empty() ? Trouble::no_token : Trouble::token_refused;
    return GIT_EUSER;
  }
  ++asked_;
  return git_credential_userpass_plaintext_new(out, access.token_user.c_str(),
                                               access.token.reveal().c_str());
}

int Session::give_key(git_credential** out, const char* user) {
  const std::string& key = request_.access.ssh_key;
  const char* const name = user == nullptr ? "git" : user;
  if (asked_ > 0) {
    trouble_ = Trouble::key_refused;
    return GIT_EUSER;
  }
  ++asked_;
  if (!key.empty()) {
    return git_credential_ssh_key_new(out, name, nullptr, key.c_str(), nullptr);
  }
  if (::getenv("SSH_AUTH_SOCK") == nullptr) {
    trouble_ = Trouble::no_key;
    return GIT_EUSER;
  }
  return git_credential_ssh_key_from_agent(out, name);
}

int Session::on_certificate(git_cert* certificate, int valid, const char* /*host*/, void* self) {
  Session& session = session_of(self);
  session.connected = true;
  if (certificate->cert_type != GIT_CERT_HOSTKEY_LIBSSH2) {
    return GIT_PASSTHROUGH;  // TLS: libgit2's own verdict
  }
  if (valid != 0) {
    return 0;
  }
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): how libgit2 derives its structs
  const auto* const key = reinterpret_cast<const git_cert_hostkey*>(certificate);
  session.trouble_ = Trouble::unknown_host;
  if ((key->type & GIT_CERT_SSH_SHA256) != 0) {
    session.host_key_ = "SHA256:" + fingerprint(key->hash_sha256);
  }
  return GIT_ECERTIFICATE;
}

int Session::on_sideband(const char* text, int length, void* self) {
  Session& session = session_of(self);
  if (length > 0 && session.sideband_.size() < longest_sideband) {
    session.sideband_.append(text, static_cast<std::size_t>(length));
  }
  return 0;
}

int Session::on_transfer(const git_indexer_progress* /*progress*/, void* self) {
  session_of(self).connected = true;
  return 0;
}

int Session::on_push_transfer(unsigned, unsigned, std::size_t, void* self) {
  (void)session_of(self);
  return 0;
}

int Session::on_pack(int, std::uint32_t, std::uint32_t, void* self) {
  (void)session_of(self);
  return 0;
}

/// The last moment before anything is sent. The server takes the update only if the branch still is
/// what it has just said; that it is what we built on is for us to see.
int Session::on_negotiation(const git_push_update** updates, std::size_t count, void* self) {
  Session& session = session_of(self);
  const std::string& expected = session.request_.push.expected;
  for (const git_push_update* update : std::span(updates, count)) {
    const bool absent = git_oid_is_zero(&update->src) != 0;
    session.moved = session.moved || (absent ? "" : to_hex(update->src)) != expected;
  }
  if (session.moved) {
    return GIT_EUSER;
  }
  session.sent = true;
  return 0;
}

int Session::on_status(const char* /*name*/, const char* status, void* self) {
  Session& session = session_of(self);
  if (status != nullptr) {
    session.status = *status == '\0' ? "refused without a reason" : status;
  }
  return 0;
}

/// The hook's lines; counters, which are drawn over each other with carriage returns, are not
/// among them.
std::string Session::said() const {
  std::vector<std::string> lines;
  for (std::string_view line : text::split(sideband_, '\n')) {
    if (const std::size_t drawn = line.rfind('\r'); drawn != std::string_view::npos) {
      line.remove_prefix(drawn + 1);
    }
    if (!text::trim(line).empty()) {
      lines.push_back(text::printable(text::trim(line)));
    }
  }
  constexpr std::size_t most = 8;
  if (lines.size() > most) {
    lines.erase(lines.begin(), lines.end() - most);
  }
  return text::join(lines, " | ");
}

Reply Session::reply(Outcome outcome, const std::string& message) const {
  Reply made;
  made.outcome = outcome;
  made.message = message;
  if (const std::string words = said(); !words.empty()) {
    made.message += "; the server says: " + words;
    if (words.find(".lock': File exists") != std::string::npos) {
      made.message += "; " + std::string(lock_in_the_way);
    }
  }
  made.sent = sent ? Reply::Sent::perhaps : Reply::Sent::no;
  return made;
}

std::string Session::way_out() const {
  const Access& access = request_.access;
  const bool push = request_.what == Request::What::push;
  switch (trouble_) {
    case Trouble::no_token:
      return "the server asks who this is: give a token with SLUICE_GIT_TOKEN or --token-file";
    case Trouble::token_refused:
      return std::string(
                 "the server does not accept the token: it is wrong, has expired, or may "
                 "not ") +
             (push ? "write to" : "read") + " this repository";
    case Trouble::no_key:
      return "the server wants an SSH key: give one with --ssh-key, or load one into the agent of "
             "SSH_AUTH_SOCK";
    case Trouble::key_refused:
      return access.ssh_key.empty()
                 ? "the server accepts no key of the agent; RSA keys cannot be used, ed25519 and "
                   "ECDSA keys can"
                 : "the server does not accept the key " + text::printable(access.ssh_key) +
                       ": it is not registered there, may not " + (push ? "write" : "read") +
                       ", or is an RSA key (use ed25519 or ECDSA)";
    case Trouble::unknown_host: {
      const std::string file =
          access.known_hosts.empty() ? "~/.ssh/known_hosts" : text::printable(access.known_hosts);
      return "the server's host key " + host_key_ + " is not among those in " + file +
             ": compare it with what the server's owner publishes, then add it there (ssh-keyscan "
             "prints the line)";
    }
    case Trouble::unsupported_login:
      return "the server offers no login that can be used here (token over HTTPS, key over SSH)";
    case Trouble::none:
      break;
  }
  return {};
}

Reply Session::explain_status(int http) const {
  const std::string shown = " (HTTP " + std::to_string(http) + ')';
  const bool push = request_.what == Request::What::push;
  switch (http) {
    case 401:
      return reply(Outcome::refused, "the server does not accept the token" + shown);
    case 403:
      return reply(Outcome::refused,
                   push ? "the repository is read-only for this token" + shown
                        : "the server does not let this token read the repository" + shown);
    case 404:
      return reply(Outcome::refused,
                   "there is no such repository, or this token may not see it" + shown);
    case 407:
      return reply(Outcome::refused, "the proxy asks who this is" + shown);
    default:
      return reply(
          http >= 500 || http == 429 || http == 408 ? Outcome::unreachable : Outcome::refused,
          "the server cannot answer" + shown);
  }
}

Reply Session::explain(int code) const {
  const git_error* const error = git_error_last();
  const std::string words = error == nullptr ? "unknown error" : text::printable(error->message);
  const int area = error == nullptr ? GIT_ERROR_NONE : error->klass;
  if (moved) {
    return reply(Outcome::lost_race, "the branch has moved");
  }
  if (const std::string way = way_out(); !way.empty()) {
    return reply(Outcome::refused, way);
  }
  constexpr std::string_view mark = "status code: ";  // libgit2's own words, for any HTTP status
  if (const std::size_t at = words.find(mark); area == GIT_ERROR_HTTP && at != std::string::npos) {
    return explain_status(std::atoi(words.c_str() + at + mark.size()));
  }
  if (code == GIT_ECERTIFICATE) {
    return reply(Outcome::refused,
                 "the server's certificate is not trusted (" + words +
                     "): give its authority with --ca-file, and use the server's name, not its "
                     "address, in the URL");
  }
  if (words.find("redirect") != std::string::npos) {
    return reply(Outcome::refused, "the server sends us to another one (" + words +
                                       "), which is not followed with a "
                                       "token; give the address of that one");
  }
  if (area == GIT_ERROR_SSH && words.find("known_hosts") != std::string::npos) {
    return reply(Outcome::refused, words + "; a line of it is not one of a host key");
  }
  if (code == GIT_EAUTH || (area == GIT_ERROR_SSH && asked_ > 0 && !connected)) {
    return reply(Outcome::refused, words);
  }
  if (area == GIT_ERROR_SSH && asked_ > 0) {
    // A key that libssh2 cannot use, or what the server printed instead of an answer.
    return reply(Outcome::refused, words + "; keys must be ed25519 or ECDSA, without passphrase");
  }
  if (words.find("unpacking the sent packfile failed") != std::string::npos) {
    // The server's reason is not passed on by libgit2.
    return reply(Outcome::rejected,
                 "the server cannot store what is pushed: its disk may be full, or the repository "
                 "read-only");
  }
  // Also what a connection that breaks off looks like, so it may be tried again.
  if (words.find("exchange encryption keys") != std::string::npos) {
    return reply(Outcome::unreachable,
                 words +
                     "; if this stays so: the known host keys must hold the server's ed25519 or "
                     "ECDSA key, not only its RSA key");
  }
  const bool ours = area == GIT_ERROR_ODB || area == GIT_ERROR_INDEXER ||
                    area == GIT_ERROR_REFERENCE || area == GIT_ERROR_FILESYSTEM ||
                    area == GIT_ERROR_OBJECT || area == GIT_ERROR_NOMEMORY ||
                    area == GIT_ERROR_REPOSITORY || (area == GIT_ERROR_OS && connected);
  Reply made = reply(Outcome::unreachable, words);
  made.side = ours ? Reply::Side::here : Reply::Side::there;
  return made;
}

}  // namespace sluice::git
