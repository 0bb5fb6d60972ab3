// SPDX-License-Identifier: Apache-2.0
#include "git/judge.hpp"

namespace sluice::git {

namespace {

Exchange unmoved(const Push& push, const Reply& said) {
  switch (said.outcome) {
    case Outcome::rejected:
    case Outcome::refused:
    case Outcome::unreachable:
      return {said.outcome, push.expected, said.message};
    case Outcome::done:
      return {Outcome::unreachable, {}, "the server took the push, but does not show it yet"};
    case Outcome::lost_race:
    case Outcome::no_branch:
      break;
  }
  // It had moved when we pushed, and has been set back since.
  return {Outcome::lost_race, push.expected, "the branch has moved"};
}

}  // namespace

Exchange judge(const Push& push, const Reply& said, Whereabouts where, const std::string& tip) {
  switch (where) {
    case Whereabouts::arrived:
      return {Outcome::done, tip, {}};
    case Whereabouts::moved:
      return {Outcome::lost_race, tip, "the branch has moved"};
    case Whereabouts::unmoved:
      return unmoved(push, said);
    case Whereabouts::unknown:
      break;
  }
  if (said.sent == Reply::Sent::no && said.outcome != Outcome::lost_race) {
    return {said.outcome, push.expected, said.message};
  }
  return {Outcome::unreachable,
          {},
          "it is not known whether the push has arrived; run again, which finds out" +
              (said.message.empty() ? "" : " (" + said.message + ')')};
}

}  // namespace sluice::git
