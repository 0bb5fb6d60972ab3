// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "policy/strict.hpp"
#include "policy/suite_compare.hpp"
#include "policy/suite_respond.hpp"

#include <algorithm>

namespace sluice::policy {

namespace {

/// Rows of the table that the CLI prints: for each expectation and each object it is about, what
/// each rule said.
class Runner {
 public:
  explicit Runner(const Suite& suite) : suite_(suite), responder_(suite, data_) {}

  Result<SuiteOutcome> run() {
    if (suite_.unsupported.empty()) {
      SLUICE_TRY_ASSIGN(data_, load_suite(suite_));
      SLUICE_TRY(responder_.prepare());
    }
    for (const auto& expectation : suite_.expectations) {
      judge(expectation);
    }
    if (suite_.unsupported.empty()) {
      strictly();
    }
    return std::move(outcome_);
  }

 private:
  using Verdict = SuiteRow::Verdict;

  /// An object of the suite, or a target that some rule changed; what stands under one key may be
  /// both.
  struct Pick {
    const SuiteObject* entry = nullptr;
    std::optional<std::size_t> object;
    std::vector<Responder::Changed> changes;
  };

  struct Rows {
    std::vector<SuiteRow> rows;
    bool skipped = false;  ///< the file of expected objects says nothing of it
  };

  /// What only a strict reading says; asks for the results of every object.
  void strictly() {
    std::vector<const Policy*> policies;
    std::vector<std::string> texts;
    for (const auto& entry : data_.policies) {
      append_json(entry.source, texts.emplace_back());
      if (entry.policy) {
        policies.push_back(&*entry.policy);
      }
    }
    std::vector<Seen> objects;
    std::vector<Seen> untouched;
    const auto seen = [](const Object& object) {
      return Seen{.kind = object.value.text({"kind"}),
                  .name = object.name,
                  .name_space = object.name_space,
                  .api_version = object.api_version};
    };
    for (const auto& entry : data_.objects) {
      objects.push_back(seen(entry.object));
    }
    const auto& changed = changed_targets();
    for (const auto& target : data_.targets) {
      const bool is_changed = std::any_of(changed.begin(), changed.end(),
                                          [&](const Pick& pick) { return pick.entry == &target; });
      (is_changed ? objects : untouched).push_back(seen(target.object));
    }
    outcome_.findings = strict_findings({.suite = suite_,
                                         .policies = policies,
                                         .texts = texts,
                                         .objects = objects,
                                         .untouched = untouched,
                                         .values = data_.values,
                                         .duplicates = data_.duplicates,
                                         .evaluated = responder_.evaluated()});
  }

  diag::Location where(const Expectation& expectation) const {
    const Value& source = expectation.source;
    return source.node() == nullptr ? diag::Location{.file = suite_.file}
                                    : source.document()->in_stream(*source.node());
  }

  SuiteRow row(const Expectation& expectation, Verdict verdict, std::string reason) const {
    return {.verdict = verdict,
            .suite = suite_.file,
            .policy = expectation.policy,
            .rule = expectation.rule,
            .expected = expectation.result,
            .reason = std::move(reason),
            .at = where(expectation)};
  }

  static bool names_rule(const std::string& wanted, const Rule& rule) {
    return wanted.empty() || rule.name == wanted || rule.name == "autogen-" + wanted ||
           rule.name == "autogen-cronjob-" + wanted;
  }

  /// Targets of mutate rules that were changed, under their keys.
  const std::vector<Pick>& changed_targets() {
    if (!targets_) {
      targets_.emplace();
      for (const auto& entry : data_.targets) {
        Pick pick{.entry = &entry, .object = {}, .changes = responder_.changes_of(entry.object)};
        if (!pick.changes.empty()) {
          targets_->push_back(std::move(pick));
        }
      }
    }
    return *targets_;
  }

  static bool is_called(const Object& object, const std::string& wanted) {
    const auto slash = wanted.find('/');
    return slash == std::string::npos
               ? object.name == wanted
               : object.name_space == std::string_view(wanted).substr(0, slash) &&
                     object.name == std::string_view(wanted).substr(slash + 1);
  }

  static bool is_specified(const Object& object, const Value& spec) {
    const std::string group(spec.text({"group"}));
    const std::string version(spec.text({"version"}));
    return object.api_version == (group.empty() ? version : group + "/" + version) &&
           object.name_space == spec.text({"namespace"}) && object.name == spec.text({"name"});
  }

  template <class Fits>
  void pick(const Fits& fits, std::vector<Pick>& picks) {
    for (const auto& target : changed_targets()) {
      if (fits(target.entry->object)) {
        picks.push_back(target);
      }
    }
    for (std::size_t i = 0; i < data_.objects.size(); ++i) {
      if (fits(data_.objects[i].object)) {
        picks.push_back({.entry = &data_.objects[i], .object = i, .changes = {}});
      }
    }
  }

  std::vector<Pick> chosen(const Expectation& expectation) {
    std::vector<Pick> picks;
    for (const auto& wanted : expectation.resources) {
      pick([&](const Object& object) { return is_called(object, wanted); }, picks);
    }
    for (const auto& spec : expectation.resource_specs) {
      pick([&](const Object& object) { return is_specified(object, spec); }, picks);
    }
    if (picks.empty()) {  // the CLI then looks at every object
      pick([](const Object&) { return true; }, picks);
    }
    for (auto& one : picks) {  // what has the same key as a target and as an object is both
      for (const auto& target : changed_targets()) {
        one.changes = target.entry->key == one.entry->key ? target.changes : one.changes;
      }
      for (std::size_t i = 0; i < data_.objects.size() && !one.object; ++i) {
        if (data_.objects[i].key == one.entry->key) {
          one.object = i;
        }
      }
    }
    return picks;
  }

  /// Why nothing can be said of an expectation, or empty.
  std::string unsupported(const Expectation& expectation, const SuitePolicy* entry) const {
    if (!suite_.unsupported.empty()) {
      return suite_.unsupported;
    }
    if (!expectation.unsupported.empty()) {
      return expectation.unsupported;
    }
    return entry != nullptr && !entry->policy ? entry->kind : "";
  }

  void judge(const Expectation& expectation) {
    const auto slash = expectation.policy.rfind('/');
    const std::string name =
        slash == std::string::npos ? expectation.policy : expectation.policy.substr(slash + 1);
    const auto found = std::find_if(data_.policies.begin(), data_.policies.end(),
                                    [&](const SuitePolicy& p) { return p.name == name; });
    const SuitePolicy* entry = found == data_.policies.end() ? nullptr : &*found;
    if (const auto reason = unsupported(expectation, entry); !reason.empty()) {
      outcome_.rows.push_back(row(expectation, Verdict::unsupported, reason));
      return;
    }
    if (entry == nullptr) {
      SuiteRow made = row(expectation, Verdict::not_found,
                          "there is no policy \"" + text::printable(name) + "\"");
      std::vector<std::string_view> names;
      for (const auto& candidate : data_.policies) {
        names.push_back(candidate.name);
      }
      made.hint = did_you_mean(name, std::move(names));
      outcome_.rows.push_back(std::move(made));
      return;
    }
    for (const auto& picked : chosen(expectation)) {
      judge_pick(expectation, *entry, picked);
    }
  }

  void judge_pick(const Expectation& expectation, const SuitePolicy& policy, const Pick& picked) {
    Rows all;
    if (picked.object) {
      for (const auto& response : responder_.respond(*picked.object, expectation.operation)) {
        if (response.policy->name == policy.name) {
          judge_response(expectation, response, *picked.entry, all);
        }
      }
    }
    for (const auto& change : picked.changes) {
      SuiteRow made = result_row(expectation, *change.response, *change.result);
      made.resource = picked.entry->key;
      compare(change.value, expectation.patched, made);
      all.rows.push_back(std::move(made));
    }
    if (all.rows.empty() && !all.skipped) {
      SuiteRow made = row(expectation, Verdict::not_found, "the policy says nothing of it");
      if (policy.policy->is_invalid()) {
        const auto& problems = policy.policy->problems;
        const auto bad = std::find_if(problems.begin(), problems.end(), [](const Problem& p) {
          return p.kind == Problem::Kind::invalid;
        });
        made = row(expectation, Verdict::invalid, bad->message);
      }
      made.resource = picked.entry->key;
      all.rows.push_back(std::move(made));
    }
    pass_over_parts(all.rows);
    std::move(all.rows.begin(), all.rows.end(), std::back_inserter(outcome_.rows));
  }

  /// Rules that change objects, look at images and judge are looked at one after the other, and the
  /// rule of the row is among one of these only.
  static void pass_over_parts(std::vector<SuiteRow>& rows) {
    const bool judged = std::any_of(rows.begin(), rows.end(), [](const SuiteRow& row) {
      return row.verdict != Verdict::excluded;
    });
    for (auto& row : rows) {
      const bool part = judged && row.verdict == Verdict::excluded;
      row.verdict = part ? Verdict::passed_over : row.verdict;
    }
  }

  void judge_response(const Expectation& expectation,
                      const Response& response,
                      const SuiteObject& entry,
                      Rows& all) {
    for (const auto& result : response.rules) {
      if (!names_rule(expectation.rule, *result.rule)) {
        continue;
      }
      if (result.rule->generation != nullptr) {
        add_generated(expectation, response, result, entry.key, all);
        continue;
      }
      SuiteRow made = result_row(expectation, response, result);
      made.resource = entry.key;
      const auto compared = compare(response.object, expectation.patched, made);
      if (compared == Comparison::Verdict::missing && !expectation.fail_on_missing) {
        all.skipped = true;
      } else {
        all.rows.push_back(std::move(made));
      }
    }
    if (all.rows.empty() && !all.skipped) {
      SuiteRow made = row(expectation, Verdict::excluded, "");
      explain_excluded(expectation, *response.policy->policy, entry.object, made);
      made.resource = entry.key;
      made.verdict = response.known ? made.verdict : Verdict::unsupported;
      all.rows.push_back(std::move(made));
    }
  }

  void add_generated(const Expectation& expectation,
                     const Response& response,
                     const RuleResult& result,
                     const std::string& key,
                     Rows& all) {
    SuiteRow made = result_row(expectation, response, result);
    made.resource = key;
    if (result.made.empty()) {
      all.rows.push_back(std::move(made));
      return;
    }
    for (const Value& object : result.made) {
      SuiteRow own = made;
      own.resource = "/" + std::string(object.text({"metadata", "name"}));  // as the CLI has it
      bool same = expectation.generated.empty();
      for (const auto& path : expectation.generated) {
        SuiteRow attempt = made;
        attempt.resource = own.resource;
        same = compare(object, path, attempt) == Comparison::Verdict::same;
        if (same) {
          break;
        }
        own = attempt;
      }
      if (same) {
        own.verdict = made.verdict;
        own.reason = made.reason;
      }
      all.rows.push_back(std::move(own));
    }
  }

  SuiteRow result_row(const Expectation& expectation,
                      const Response& response,
                      const RuleResult& result) const {
    const bool unknown = result.status == RuleStatus::no_verdict || !response.known;
    const bool agreed = name(result.status) == expectation.result;
    SuiteRow made = row(expectation,
                        unknown  ? Verdict::unsupported
                        : agreed ? Verdict::agreed
                                 : Verdict::differs,
                        result.message);
    if (result.status == RuleStatus::no_verdict && !result.policy->problems.empty()) {
      made.reason = result.policy->problems.front().message;
    }
    made.rule = result.rule->name;
    made.got = std::string(name(result.status));
    return made;
  }

  /// Lays what a file says of the object over the row; nothing without a file.
  Comparison::Verdict compare(const Value& object, const std::string& path, SuiteRow& made) {
    if (path.empty()) {
      return Comparison::Verdict::same;
    }
    const Comparison compared = compare_with_file(object, path, data_);
    if (compared.verdict != Comparison::Verdict::same && made.verdict != Verdict::unsupported) {
      made.verdict = Verdict::differs;
      made.reason = compared.reason;
    }
    return compared.verdict;
  }

  const Suite& suite_;
  SuiteData data_;
  Responder responder_;
  SuiteOutcome outcome_;
  std::optional<std::vector<Pick>> targets_;
};

}  // namespace

Result<SuiteOutcome> run_suite(const Suite& suite) {
  return Runner(suite).run();
}

}  // namespace sluice::policy
