// SPDX-License-Identifier: Apache-2.0
// One promoter of the race test, as a process of its own: URL CACHE TOKEN-FILE SSH-KEY KNOWN-HOSTS
// SIGNING-KEY PATH ID. Does the promotion ID to PATH; prints the outcome, the tries and the commit.
#include "support/promoter.hpp"

#include <cstdlib>
#include <iostream>
#include <span>

namespace {

int promote(const std::vector<std::string>& words) {
  using namespace sluice;
  git::Access access;
  if (!words[2].empty()) {
    access.token = *git::read_token(words[2], {});
  }
  access.ssh_key = words[3];
  access.known_hosts = words[4];
  access.silence = std::chrono::seconds{20};
  const git::Signing signing{git::SignatureFormat::ssh, words[5], {{"PATH", std::getenv("PATH")}}};
  test::Promoter promoter(words[0], words[1], access, signing);
  if (!promoter.opened) {
    std::cerr << promoter.opened.error().message << '\n';
    return 2;
  }
  git::ReplayOptions options;
  options.branch = "main";
  options.id = words[7];
  options.tries = 200;
  options.reach = 60;
  options.longest_wait = std::chrono::milliseconds{1000};
  const auto replayed =
      git::replay(*promoter.opened, test::increment(*promoter.opened, words[6], words[7]), options);
  if (!replayed) {
    std::cerr << replayed.error().message << '\n';
    return 2;
  }
  std::cout << static_cast<int>(replayed->outcome) << ' ' << replayed->tries << ' '
            << replayed->commit << '\n';
  if (replayed->outcome != git::Outcome::done) {
    std::cerr << replayed->message << '\n';
    return 1;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::span<char*> arguments(argv, static_cast<std::size_t>(argc));
  return arguments.size() == 9 ? promote({arguments.begin() + 1, arguments.end()}) : 2;
}
