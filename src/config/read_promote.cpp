// SPDX-License-Identifier: Apache-2.0
// The `promote` section.
#include "base/text.hpp"
#include "base/time.hpp"
#include "config/sections.hpp"
#include "config/values.hpp"

#include <algorithm>
#include <array>

namespace sluice::config {

namespace {

using YAML::Node;

constexpr std::array<std::string_view, 7> weekdays = {"Mon", "Tue", "Wed", "Thu",
                                                      "Fri", "Sat", "Sun"};

/// "Fri 16:00" as minutes since Monday 00:00; nothing when it is none.
std::optional<std::int64_t> minute_of_week(std::string_view text) {
  const auto day = std::ranges::find(weekdays, text.substr(0, 3));
  if (day == weekdays.end() || text.size() != 9 || text[3] != ' ') {
    return std::nullopt;
  }
  // Any date will do: only the clock is wanted.
  const auto clock = time::parse("1970-01-01T" + std::string(text.substr(4)) + ":00Z");
  if (!clock) {
    return std::nullopt;
  }
  return (day - weekdays.begin()) * 24 * 60 + clock->time_since_epoch().count() / 60;
}

struct End {
  std::optional<std::int64_t> weekly, dated;
};

End read_end(Reader& r, const Node& node, const std::string& what, std::int64_t day_length) {
  const std::string text = r.scalar(node, what);
  End end{.weekly = minute_of_week(text), .dated = {}};
  if (const auto moment = time::parse(text)) {
    // A whole day as the end of a window belongs to it.
    end.dated = moment->time_since_epoch().count() + (text.size() == 10 ? day_length : 0);
  }
  if (!text.empty() && !end.weekly && !end.dated) {
    r.problem(node, what + " \"" + text::printable(text, 80) +
                        "\" is neither a time of the week such as \"Fri 16:00\", nor a day, nor a "
                        "time such as 2026-12-24T12:00:00Z");
  }
  return end;
}

Freeze read_freeze(Reader& r, const Node& node, const std::string& what) {
  constexpr std::int64_t day = 86'400;
  Freeze freeze{.at = r.at(node)};
  End from;
  End to;
  r.mapping(node, what,
            {{"from", [&](const Node& v) { from = read_end(r, v, what + ".from", 0); }},
             {"to", [&](const Node& v) { to = read_end(r, v, what + ".to", day); }},
             {"reason", [&](const Node& v) { freeze.reason = r.text(v, what + ".reason"); }}});
  r.require(node, what, {"from", "to", "reason"});
  if (from.weekly && to.weekly) {
    freeze.weekly = true;
    freeze.from = *from.weekly;
    freeze.to = *to.weekly;
  } else if (from.dated && to.dated) {
    freeze.from = *from.dated;
    freeze.to = *to.dated;
  } else if ((from.weekly || from.dated) && (to.weekly || to.dated)) {
    r.problem(node, what + " goes from a time of the week to a day, or the other way round");
  }
  if (from.dated && to.dated && freeze.to <= freeze.from) {
    r.problem(node, what + " ends before it begins");
  }
  if (from.weekly && to.weekly && freeze.to == freeze.from) {
    r.problem(node, what + " is empty: it ends when it begins");
  }
  return freeze;
}

std::vector<Freeze> read_freezes(Reader& r, const Node& node, const std::string& what) {
  std::vector<Freeze> freezes;
  r.sequence(node, what,
             [&](const Node& item) { freezes.push_back(read_freeze(r, item, what + "[]")); });
  return freezes;
}

std::int64_t read_soak(Reader& r, const Node& node, const std::string& what) {
  const std::string text = r.scalar(node, what);
  const auto soak = time::parse_duration(text);
  if (!text.empty() && !soak) {
    r.problem(node,
              what + " \"" + text::printable(text, 80) + "\" is no time such as 30m, 2h or 1d12h");
  }
  return soak ? soak->count() : 0;
}

PromoteEnvironment read_environment(Reader& r, const Node& node) {
  static constexpr std::array<std::string_view, 2> tools = {"scan-gate", "model-gate"};
  PromoteEnvironment env{.at = r.at(node)};
  const std::string what = "promote.environments[]";
  const auto read_evidence = [&](const Node& v) {
    env.evidence.emplace();
    r.sequence(v, what + ".evidence", [&](const Node& item) {
      if (std::string tool = r.choice(item, what + ".evidence[]", tools); !tool.empty()) {
        env.evidence->push_back(std::move(tool));
      }
    });
  };
  r.mapping(
      node, what,
      {{"name", [&](const Node& v) { env.name = environment_name(r, v, what + ".name"); }},
       {"paths", [&](const Node& v) { env.paths = r.texts(v, what + ".paths"); }},
       {"soak", [&](const Node& v) { env.soak = read_soak(r, v, what + ".soak"); }},
       {"statuses", [&](const Node& v) { env.statuses = r.texts(v, what + ".statuses"); }},
       {"evidence", read_evidence},
       {"freeze", [&](const Node& v) { env.freezes = read_freezes(r, v, what + ".freeze"); }}});
  r.require(node, what, {"name"});
  return env;
}

Person read_person(Reader& r, const Node& node, const std::string& what) {
  Person person;
  const auto word = [&](const Node& v, const std::string& key) {
    std::string text = r.text(v, key);
    if (text.find_first_of("<>\n") != std::string::npos) {
      r.problem(v, key + " has a character that a commit cannot hold there");
    }
    return text;
  };
  r.mapping(node, what,
            {{"name", [&](const Node& v) { person.name = word(v, what + ".name"); }},
             {"email", [&](const Node& v) { person.email = word(v, what + ".email"); }}});
  r.require(node, what, {"name", "email"});
  return person;
}

void read_signing(Reader& r, const Node& node, Promote& promote) {
  static constexpr std::array<std::string_view, 2> formats = {"ssh", "gpg"};
  r.mapping(
      node, "promote.signing",
      {{"format",
        [&](const Node& v) {
          promote.signing_format = r.choice(v, "promote.signing.format", formats);
        }},
       {"key", [&](const Node& v) { promote.signing_key = r.text(v, "promote.signing.key"); }}});
  r.require(node, "promote.signing", {"format", "key"});
}

void read_message(Reader& r, const Node& node, Promote& promote) {
  r.mapping(node, "promote.message",
            {{"subject",
              [&](const Node& v) {
                promote.subject = r.text(v, "promote.message.subject");
                if (promote.subject.find('\n') != std::string::npos) {
                  r.problem(v, "promote.message.subject has more than one line");
                }
              }},
             {"body", [&](const Node& v) { promote.body = r.text(v, "promote.message.body"); }}});
}

}  // namespace

void read_promote(Reader& r, const Node& node, Promote& promote) {
  static constexpr std::array<std::string_view, 2> checks = {"full", "none"};
  const auto read_item = [&](const Node& item) {
    PromoteEnvironment env = read_environment(r, item);
    if (!env.name.empty() &&
        std::ranges::find(promote.environments, env.name, &PromoteEnvironment::name) !=
            promote.environments.end()) {
      r.problem(item, "promote.environments has \"" + env.name + "\" twice");
    }
    promote.environments.push_back(std::move(env));
  };
  r.mapping(
      node, "promote",
      {{"environments", [&](const Node& v) { r.sequence(v, "promote.environments", read_item); }},
       {"freeze", [&](const Node& v) { promote.freezes = read_freezes(r, v, "promote.freeze"); }},
       {"author", [&](const Node& v) { promote.author = read_person(r, v, "promote.author"); }},
       {"committer",
        [&](const Node& v) { promote.committer = read_person(r, v, "promote.committer"); }},
       {"signing", [&](const Node& v) { read_signing(r, v, promote); }},
       {"message", [&](const Node& v) { read_message(r, v, promote); }},
       {"check",
        [&](const Node& v) { promote.check = r.choice(v, "promote.check", checks) != "none"; }}});
}

void check_promote(Reader& r, const Node& node, const Config& config) {
  std::vector<std::string_view> names;
  for (const Environment& env : config.environments) {
    names.emplace_back(env.name);
  }
  for (const PromoteEnvironment& env : config.promote->environments) {
    if (!env.name.empty() && std::ranges::find(names, env.name) == names.end()) {
      r.problem(node, "promote.environments names \"" + env.name +
                          "\", which is none of the environments" + suggestion(env.name, names));
    }
  }
}

}  // namespace sluice::config
