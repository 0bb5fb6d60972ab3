// SPDX-License-Identifier: Apache-2.0
#include "promote/draft.hpp"

#include "base/text.hpp"

namespace sluice::promote {

namespace {

/// Nobody's address: the name says which program it was.
const git::Person nobody{.name = "Sluice Promote", .email = "promote@sluice.invalid"};

git::Person or_else(const config::Person& configured, git::Person other) {
  return configured.name.empty() ? std::move(other)
                                 : git::Person{.name = configured.name, .email = configured.email};
}

}  // namespace

Result<git::Person> parse_person(const std::string& text) {
  const std::size_t open = text.find('<');
  const bool whole = open != std::string::npos && open > 0 && text.ends_with('>');
  git::Person person;
  if (whole) {
    person.name = text::trim(std::string_view(text).substr(0, open));
    person.email = text::trim(std::string_view(text).substr(open + 1, text.size() - open - 2));
  }
  if (person.name.empty() || person.email.empty() ||
      (person.name + person.email).find_first_of("<>\n\r") != std::string::npos) {
    return Error{Error::Kind::usage, "--author " + text::printable(text) +
                                         " is no person such as \"Ada <ada@example.com>\""};
  }
  return person;
}

Result<git::Draft> draft_of(const Evaluation& evaluation,
                            const std::string& parent,
                            const config::Config& config,
                            const Settings& options,
                            time::Seconds now) {
  const config::Promote settings = config.promote.value_or(config::Promote{});
  git::Draft draft{.parent = parent,
                   .author = or_else(settings.author, nobody),
                   .time = now.time_since_epoch().count()};
  if (!options.author.empty()) {
    SLUICE_TRY_ASSIGN(draft.author, parse_person(options.author));
  }
  draft.committer = or_else(settings.committer, draft.author);
  for (const File& file : evaluation.after) {
    draft.files.push_back({.path = file.path, .bytes = file.bytes});
  }
  SLUICE_TRY_ASSIGN(draft.message, message(evaluation.story, settings.subject, settings.body));
  return draft;
}

}  // namespace sluice::promote
