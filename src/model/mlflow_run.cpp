// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "config/reader.hpp"
#include "model/mlflow.hpp"

#include <algorithm>

namespace sluice::model::mlflow {
namespace {

using yaml::Value;

bool is_hex(std::string_view text, std::initializer_list<std::size_t> lengths) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos &&
         std::ranges::find(lengths, text.size()) != lengths.end();
}

Status check_state(const Value& run, const std::string& run_id) {
  const auto refuse = [&](const std::string& why) {
    return Error{Error::Kind::parse, "run " + text::printable(run_id) + ' ' + why};
  };
  if (run.text_at({"info", "run_id"}) != run_id) {
    return refuse("was asked for, and MLflow answered with another");
  }
  if (run.text_at({"info", "lifecycle_stage"}) != "active") {
    return refuse("is " + text::quoted(run.text_at({"info", "lifecycle_stage"}), 40) +
                  ", not active");
  }
  if (run.text_at({"info", "status"}) != "FINISHED") {
    return refuse("is " + text::printable(run.text_at({"info", "status"}), 40) + ", not FINISHED");
  }
  if (const Value* end = run.find({"info", "end_time"});
      end == nullptr || end->kind != yaml::Kind::integer || end->text == "0") {
    return refuse("has no end time");
  }
  return ok;
}

/// Why the metric is none; empty when it is one.
std::string flaw(const Value& metric) {
  const Value* const value = metric.find("value");
  const Value* const time = metric.find("timestamp");
  if (value == nullptr || (value->kind != yaml::Kind::integer && value->kind != yaml::Kind::real)) {
    return value != nullptr && value->is_string() ? "is the text " + text::quoted(value->text, 40)
                                                  : "has no number";
  }
  const auto number = config::to_number(value->text);
  if (!number || !is_finite_metric(*number)) {
    return "is not finite";  // MLflow stores infinity as the largest double
  }
  if (time == nullptr || time->kind != yaml::Kind::integer || time->text == "0") {
    return "has no time, as MLflow leaves it when a request was no JSON (a bare NaN is stored as "
           "0)";
  }
  return {};
}

void read_metrics(const Value& run, Subject& subject) {
  const Value* const metrics = run.find({"data", "metrics"});
  if (metrics == nullptr) {
    return;  // MLflow leaves out what is empty
  }
  for (const Value& metric : metrics->items) {
    const std::string key(metric.text_at({"key"}));
    std::string why = flaw(metric);
    if (why.empty() && (subject.metrics.contains(key) || subject.unfit.contains(key))) {
      why = "is there twice";
    }
    if (why.empty()) {
      subject.metrics.emplace(key, *config::to_number(metric.find("value")->text));
    } else {
      subject.metrics.erase(key);
      subject.unfit[key] = why;
    }
  }
}

std::string tag_of(const Value& run, std::string_view key) {
  const Value* const tags = run.find({"data", "tags"});
  for (std::size_t i = 0; tags != nullptr && i < tags->items.size(); ++i) {
    if (tags->items[i].text_at({"key"}) == key) {
      return std::string(tags->items[i].text_at({"value"}));
    }
  }
  return {};
}

/// "name@digest" of the one data set that was logged for evaluation; empty when there is not one.
std::string evaluated_on(const Value& run) {
  const Value* const inputs = run.find({"inputs", "dataset_inputs"});
  std::string found;
  for (std::size_t i = 0; inputs != nullptr && i < inputs->items.size(); ++i) {
    const Value& input = inputs->items[i];
    const Value* const tags = input.find("tags");
    const bool is_eval =
        tags != nullptr && std::ranges::any_of(tags->items, [](const Value& tag) {
          const auto context = tag.text_at({"value"});
          return tag.text_at({"key"}) == "mlflow.data.context" &&
                 (context == "eval" || context == "evaluation" || context == "testing");
        });
    const std::string_view digest = input.text_at({"dataset", "digest"});
    if (is_eval && !digest.empty()) {
      if (!found.empty()) {
        return {};
      }
      found = std::string(input.text_at({"dataset", "name"})) + '@' + std::string(digest);
    }
  }
  return found;
}

}  // namespace

Result<Subject> Session::run(const std::string& run_id) {
  if (!is_hex(run_id, {32})) {
    return Error{Error::Kind::usage,
                 text::quoted(run_id, 80) + " is no run: 32 hexadecimal digits"};
  }
  Value answer;
  SLUICE_TRY_ASSIGN(answer, json("GET", "/api/2.0/mlflow/runs/get?run_id=" + run_id));
  const Value* const run = answer.find("run");
  if (run == nullptr) {
    return Error{Error::Kind::io, "MLflow: runs/get: 200 without a run"};
  }
  SLUICE_TRY(check_state(*run, run_id));
  Subject subject{.source = "run " + run_id};
  read_metrics(*run, subject);
  const std::string data = tag_of(*run, "data.sha256");
  subject.data = is_hex(data, {64}) ? data : (data.empty() ? evaluated_on(*run) : "");
  subject.split = tag_of(*run, "data.split");
  std::string commit = tag_of(*run, "git_commit");
  commit = commit.empty() ? tag_of(*run, "mlflow.source.git.commit") : commit;
  subject.commit = is_hex(commit, {40, 64}) ? commit : "";
  if (const std::string model = tag_of(*run, "model.sha256"); is_hex(model, {64})) {
    subject.model_sha256 = "sha256:" + model;
  }
  return subject;
}

Status Session::bind(const Version& version, Subject& subject) {
  subject.source += " (" + version.name + " version " + version.version + ')';
  const auto tag =
      std::ranges::find(version.tags, "model.sha256", &std::pair<std::string, std::string>::first);
  if (tag == version.tags.end()) {
    return ok;
  }
  const std::string named = "sha256:" + tag->second;
  if (!is_hex(tag->second, {64}) ||
      (!subject.model_sha256.empty() && subject.model_sha256 != named)) {
    return Error{Error::Kind::parse,
                 text::printable(version.name) + " version " + text::printable(version.version) +
                     " names another model.sha256 (" + text::printable(tag->second, 80) +
                     ") than its run (" + subject.model_sha256 + ')'};
  }
  subject.model_sha256 = named;
  return ok;
}

Status promote(Session& session,
               const Version& candidate,
               const std::optional<Version>& champion,
               const std::string& alias,
               const Grounds& grounds) {
  std::optional<Version> now;
  SLUICE_TRY_ASSIGN(now, session.by_alias(candidate.name, alias));
  const std::string before = champion ? champion->version : "none";
  if ((now ? now->version : "none") != before) {
    return Error{Error::Kind::io, "the champion is no longer version " + text::printable(before) +
                                      " but " + text::printable(now ? now->version : "none") +
                                      "; judge again"};
  }
  SLUICE_TRY(session.tag(candidate, "gate.verdict", "promote"));
  SLUICE_TRY(session.tag(candidate, "gate.policy", grounds.policy));
  SLUICE_TRY(session.tag(candidate, "gate.model_sha256", grounds.model));
  SLUICE_TRY(session.tag(candidate, "gate.previous_champion", before));
  SLUICE_TRY(session.set_alias(candidate.name, alias, candidate.version));
  // The alias has no compare-and-swap, and the server takes what it does not understand.
  std::optional<Version> after;
  SLUICE_TRY_ASSIGN(after, session.by_alias(candidate.name, alias));
  if (!after || after->version != candidate.version) {
    return Error{Error::Kind::io, "the alias " + text::quoted(alias, 80) + " was set to version " +
                                      text::printable(candidate.version) + " and reads " +
                                      text::printable(after ? after->version : "nothing")};
  }
  if (champion && champion->version != candidate.version) {
    SLUICE_TRY(session.tag(*champion, "gate.replaced_by", candidate.version));
  }
  return ok;
}

}  // namespace sluice::model::mlflow
