// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "proc/runner.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace sluice::git {

enum class SignatureFormat : std::uint8_t { none, ssh, gpg };

/// What commits are signed with. Keys with a passphrase belong into an agent (ssh-agent,
/// gpg-agent): nobody is asked, and no passphrase is taken.
struct Signing {
  SignatureFormat format = SignatureFormat::none;
  /// ssh: file of the private key, or of the public one when an agent holds the private one.
  /// gpg: a key id, fingerprint or user id; empty: gpg's default key.
  std::string key;
  /// The whole environment of ssh-keygen and gpg: PATH, HOME, GNUPGHOME, SSH_AUTH_SOCK.
  std::map<std::string, std::string> env;
};

/// The armoured signature of a commit's bytes, as `git commit -S` would store it. Programs:
/// ssh-keygen -Y sign -n git, gpg --detach-sign. Errors, each with the way out: usage (no such key,
/// it has a passphrase), not_found (no such program), subprocess.
Result<std::string> sign(std::string_view bytes,
                         const Signing& signing,
                         const proc::Runner& runner);

}  // namespace sluice::git
