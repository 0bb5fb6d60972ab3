// SPDX-License-Identifier: Apache-2.0
#include "promote/outcome.hpp"

#include "base/json_text.hpp"
#include "base/text.hpp"
#include "promote/unified_diff.hpp"

#include <array>
#include <ostream>

namespace sluice::promote {

namespace {

constexpr std::array<std::string_view, 4> endings = {"changed", "already", "refused", "dry-run"};
constexpr std::array<std::string_view, 3> kinds = {"image", "model", "value"};

class Object {
 public:
  void add(std::string_view key, std::string_view value) {
    begin(key);
    text::append_json_string(value, out_);
  }
  void add_raw(std::string_view key, std::string_view value) {
    begin(key);
    out_ += value;
  }
  [[nodiscard]] std::string text() const { return out_ + '}'; }

 private:
  void begin(std::string_view key) {
    out_ += out_.size() == 1 ? "" : ",";
    text::append_json_string(key, out_);
    out_ += ':';
  }
  std::string out_ = "{";
};

std::string to_json(const Outcome& outcome) {
  std::string items = "[";
  for (const Item& item : outcome.evaluation.story.items) {
    Object row;
    row.add("kind", kinds[static_cast<std::size_t>(item.kind)]);
    row.add("name", item.name);
    row.add("before", item.before);
    row.add("after", item.after);
    items += (items.size() == 1 ? "" : ",") + row.text();
  }
  Object object;
  object.add("result", endings[static_cast<std::size_t>(outcome.ending)]);
  object.add("to", outcome.evaluation.story.to);
  object.add_raw("items", items + ']');
  object.add("id", outcome.evaluation.story.id);
  object.add("branch", outcome.branch);
  object.add("commit", outcome.commit);
  object.add("pullRequest", outcome.pull_request);
  object.add_raw("tries", std::to_string(outcome.tries));
  object.add("diff", diff_of(outcome.evaluation));
  return object.text() + '\n';
}

std::string past_tense(std::string_view verb) {
  return verb == "rollback" ? "rolled back" : verb == "hold" ? "held" : std::string(verb) + 'd';
}

std::string sentence(const Item& item, const std::string& verb, const std::string& to) {
  std::string line = verb + ' ' + text::printable(item.name);
  if (!item.after.empty()) {
    line += ' ' + text::printable(short_version(item.before)) + " -> " +
            text::printable(short_version(item.after));
  }
  return line + " in " + text::printable(to) + '\n';
}

}  // namespace

std::string diff_of(const Evaluation& evaluation) {
  std::string diff;
  for (std::size_t i = 0; i < evaluation.after.size(); ++i) {
    diff += unified_diff(evaluation.after[i].path, evaluation.before[i].bytes,
                         evaluation.after[i].bytes);
  }
  return diff;
}

void print(const Outcome& outcome, const cli::Common& common, std::ostream& product) {
  if (common.format == "json") {
    product << to_json(outcome);
    return;
  }
  const Story& story = outcome.evaluation.story;
  switch (outcome.ending) {
    case Ending::shown:
      product << diff_of(outcome.evaluation);
      break;
    case Ending::already:
      product << "nothing to do: it is so already\n";
      break;
    case Ending::refused:
      break;  // the findings say why
    case Ending::changed:
      for (const Item& item : story.items) {
        product << sentence(item, past_tense(story.verb), story.to);
      }
      if (!outcome.commit.empty()) {
        product << "commit " << outcome.commit << " on " << text::printable(outcome.branch) << '\n';
      }
      if (!outcome.pull_request.empty()) {
        product << "pull request " << text::printable(outcome.pull_request) << '\n';
      }
  }
}

}  // namespace sluice::promote
