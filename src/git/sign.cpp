// SPDX-License-Identifier: Apache-2.0
#include "git/sign.hpp"

#include "base/text.hpp"
#include "io/files.hpp"

#include <chrono>

namespace sluice::git {

namespace {

constexpr std::chrono::milliseconds longest{30'000};
constexpr std::size_t longest_signature = 64 * 1024;

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// The way out for what ssh-keygen and gpg say most often.
std::string hint_for(const proc::Finished& finished) {
  if (holds(finished.err, "passphrase") || holds(finished.err, "pinentry") ||
      holds(finished.err, "ioctl")) {
    return "; a key with a passphrase must be in an agent (ssh-agent with SSH_AUTH_SOCK set, or "
           "gpg-agent)";
  }
  if (holds(finished.err, "bad permissions") || holds(finished.err, "too open")) {
    return "; chmod 600 the key";
  }
  if (holds(finished.err, "No secret key") || holds(finished.err, "no default secret key")) {
    return "; import the secret key into GNUPGHOME, or give another key";
  }
  if (holds(finished.err, "agent")) {
    return "; give the file of the private key, or load it into the agent of SSH_AUTH_SOCK";
  }
  return {};
}

proc::Command command_for(std::string_view bytes, const Signing& signing) {
  proc::Command command;
  if (signing.format == SignatureFormat::ssh) {
    command.argv = {"ssh-keygen", "-Y", "sign", "-n", "git", "-f", signing.key};
  } else {
    // Not --status-fd: the armour alone is wanted. --batch: nobody is there to be asked.
    command.argv = {"gpg", "--batch", "--no-tty", "--armor", "--detach-sign", "--output", "-"};
    if (!signing.key.empty()) {
      command.argv.insert(command.argv.end(), {"--local-user", signing.key});
    }
  }
  command.env = signing.env;
  command.env["LC_ALL"] = "C";
  // Neither a window nor a program may be opened to ask for a passphrase.
  command.env.erase("DISPLAY");
  command.env.erase("SSH_ASKPASS");
  command.env["SSH_ASKPASS_REQUIRE"] = "never";
  command.stdin_text = bytes;
  command.timeout = longest;
  command.max_output = longest_signature;
  return command;
}

}  // namespace

Result<std::string> sign(std::string_view bytes,
                         const Signing& signing,
                         const proc::Runner& runner) {
  const bool ssh = signing.format == SignatureFormat::ssh;
  const std::string key = text::printable(signing.key);
  if (ssh && (signing.key.empty() || !io::exists(signing.key))) {
    return Error{Error::Kind::usage, "the signing key \"" + key + "\" is not there"};
  }
  if (!ssh && signing.key.starts_with('-')) {
    return Error{Error::Kind::usage, "\"" + key + "\" is not the name of a key"};
  }
  proc::Finished finished;
  SLUICE_TRY_ASSIGN(finished, runner.run(command_for(bytes, signing)));
  const std::string_view begin =
      ssh ? "-----BEGIN SSH SIGNATURE-----" : "-----BEGIN PGP SIGNATURE-----";
  if (finished.ended != proc::Ended::exited || finished.code != 0 ||
      !finished.out.starts_with(begin)) {
    const std::string what = std::string("signing with ") + (ssh ? "ssh-keygen" : "gpg");
    const std::string with = key.empty() ? "" : ", key \"" + key + '"';
    return Error{Error::Kind::subprocess,
                 proc::describe_failure(what + with, finished) + hint_for(finished)};
  }
  // Git stores the armour without its last line break.
  while (finished.out.ends_with('\n')) {
    finished.out.pop_back();
  }
  return std::move(finished.out);
}

}  // namespace sluice::git
