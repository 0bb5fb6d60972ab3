// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "manifests/input.hpp"
#include "policy/suite.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

namespace sluice::policy {

namespace {

/// A policy of the suite, of whatever sort.
struct Entry {
  std::string name;
  PolicySort sort = PolicySort::none;
  std::string kind;
  std::optional<Policy> policy;  ///< of a classic one
};

struct Judged {
  Object object;
  std::string key;  ///< "v1/Pod/default/web"
  std::vector<RuleResult> results;
};

class Runner {
 public:
  explicit Runner(const Suite& suite) : suite_(suite) {}

  Result<SuiteOutcome> run() {
    if (suite_.unsupported.empty()) {
      SLUICE_TRY(load());
    }
    SuiteOutcome outcome;
    for (const auto& expectation : suite_.expectations) {
      judge(expectation, outcome);
    }
    return outcome;
  }

 private:
  Status load() {
    for (const auto& path : suite_.policies) {
      SLUICE_TRY(load_policies(path));
    }
    for (const auto& path : suite_.resources) {
      SLUICE_TRY(load_objects(path));
    }
    if (!suite_.values_file.empty()) {
      Manifests file;
      SLUICE_TRY_ASSIGN(file, read_manifests(suite_.values_file));
      owners_.push_back(file);
      if (file->documents.size() != 1) {
        return Error{Error::Kind::parse,
                     suite_.values_file + ": one document of kind Values is wanted"};
      }
      SLUICE_TRY_ASSIGN(
          values_, read_values(Value::of(file->documents[0], file->documents[0].root()), file));
    } else if (!suite_.inline_values.is_null()) {
      SLUICE_TRY_ASSIGN(values_, read_values(suite_.inline_values, suite_.owner));
    }
    if (!suite_.user_file.empty()) {
      Manifests file;
      SLUICE_TRY_ASSIGN(file, read_manifests(suite_.user_file));
      owners_.push_back(file);
      if (file->documents.size() != 1) {
        return Error{Error::Kind::parse,
                     suite_.user_file + ": one document of kind UserInfo is wanted"};
      }
      UserInfo user;
      SLUICE_TRY_ASSIGN(user,
                        read_user_info(Value::of(file->documents[0], file->documents[0].root())));
      user_ = std::move(user);
    }
    for (const auto& path : suite_.exceptions) {
      SLUICE_TRY(load_exceptions(path));
    }
    for (const auto& exception : exceptions_) {
      exception_list_.push_back(&exception);
    }
    for (auto& judged : objects_) {
      apply_subresource(judged.object);
    }
    return ok;
  }

  static Status local(const std::string& path) {
    return path.find("://") == std::string::npos
               ? ok
               : Status(Error{Error::Kind::unsupported,
                              text::printable(path) + ": files are not fetched"});
  }

  Status load_policies(const std::string& path) {
    SLUICE_TRY(local(path));
    std::vector<std::string> files;
    SLUICE_TRY_ASSIGN(files, manifests::files_of(path));
    for (const auto& file : files) {
      Manifests manifests;
      SLUICE_TRY_ASSIGN(manifests, read_manifests(file));
      owners_.push_back(manifests);
      for_each_object(*manifests, [&](const Value& object) {
        Entry entry{.name = std::string(object.text({"metadata", "name"})),
                    .sort = sort_of(object),
                    .kind = std::string(object.text({"kind"})),
                    .policy = std::nullopt};
        if (entry.sort == PolicySort::classic) {
          entry.policy = compile_policy(object, manifests);
          changes_ = changes_ || !entry.policy->mutates.empty();
        }
        if (entry.sort != PolicySort::none) {
          policies_.push_back(std::move(entry));
        }
      });
    }
    return ok;
  }

  Status load_exceptions(const std::string& path) {
    SLUICE_TRY(local(path));
    Manifests manifests;
    SLUICE_TRY_ASSIGN(manifests, read_manifests(path));
    owners_.push_back(manifests);
    Status status = ok;
    for_each_object(*manifests, [&](const Value& object) {
      if (is_exception(object)) {
        exceptions_.push_back(compile_exception(object, manifests));
        if (!exceptions_.back().problems.empty()) {
          status = Error{Error::Kind::parse, path + ": " + exceptions_.back().problems[0].message};
        }
      }  // those of CEL policies concern no classic one
    });
    return status;
  }

  Status load_objects(const std::string& path) {
    SLUICE_TRY(local(path));
    std::vector<std::string> files;
    SLUICE_TRY_ASSIGN(files, manifests::files_of(path));
    for (const auto& file : files) {
      Manifests manifests;
      SLUICE_TRY_ASSIGN(manifests, read_manifests(file));
      owners_.push_back(manifests);
      for_each_object(*manifests, [&](const Value& manifest) {
        Judged judged{.object = normalise(objects_arena_, manifest, "", Scope::kyverno_cli),
                      .key = std::string(),
                      .results = {}};
        const Object& o = judged.object;
        judged.key = std::string(o.api_version) + "/" + std::string(o.kind) + "/" +
                     std::string(o.name_space) + "/" + std::string(o.name);
        if (keys_.insert(judged.key).second) {  // of duplicates the first counts
          objects_.push_back(std::move(judged));
        }
      });
    }
    return ok;
  }

  void apply_subresource(Object& object) const {
    for (const auto& entry : values_.subresources) {
      if (object.kind == entry.kind && object.group == entry.group &&
          object.version == entry.version) {
        object.kind = entry.parent_kind;
        object.group = entry.parent_group;
        object.version = entry.parent_version;
        object.subresource = entry.subresource;
        return;
      }
    }
  }

  /// Results of all policies on an object under an operation, computed once.
  const std::vector<RuleResult>& results(std::size_t index,
                                         const std::optional<Operation>& operation) {
    const auto [found, is_new] =
        results_.try_emplace({index, operation ? static_cast<int>(*operation) : -1});
    if (is_new) {
      Request request{.object = objects_[index].object, .operation = operation};
      request.user = user_ ? &*user_ : nullptr;
      request.values = &values_;
      request.undeclared = Failure::Kind::error;
      request.exceptions = exception_list_;
      for (const auto& entry : policies_) {
        if (entry.policy && !entry.policy->is_invalid()) {
          evaluator_.judge(*entry.policy, request, found->second);
        }
      }
    }
    return found->second;
  }

  std::vector<std::size_t> chosen(const Expectation& expectation, SuiteOutcome& outcome) {
    std::vector<std::size_t> indices;
    for (const auto& wanted : expectation.resources) {
      const auto slash = wanted.find('/');
      bool found = false;
      for (std::size_t i = 0; i < objects_.size(); ++i) {
        const Object& o = objects_[i].object;
        const bool fits = slash == std::string::npos
                              ? o.name == wanted
                              : o.name_space == std::string_view(wanted).substr(0, slash) &&
                                    o.name == std::string_view(wanted).substr(slash + 1);
        if (fits) {
          indices.push_back(i);
          found = true;
        }
      }
      if (!found) {
        problem(outcome, expectation, "no object is called \"" + text::printable(wanted) + "\"");
      }
    }
    if (indices.empty()) {  // the CLI then looks at every object
      for (std::size_t i = 0; i < objects_.size(); ++i) {
        indices.push_back(i);
      }
    }
    return indices;
  }

  diag::Location where(const Expectation& expectation) const {
    const Value& source = expectation.source;
    return source.node() == nullptr ? diag::Location{.file = suite_.file}
                                    : source.document()->in_stream(*source.node());
  }

  void problem(SuiteOutcome& outcome, const Expectation& expectation, std::string message) const {
    outcome.problems.push_back({std::move(message), "", where(expectation)});
  }

  SuiteRow row(const Expectation& expectation,
               SuiteRow::Verdict verdict,
               std::string reason) const {
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

  /// Why nothing can be said of an expectation, or empty.
  std::string unsupported(const Expectation& expectation, const Entry* entry) const {
    if (!suite_.unsupported.empty()) {
      return suite_.unsupported;
    }
    if (!expectation.unsupported.empty()) {
      return expectation.unsupported;
    }
    if (entry != nullptr && !entry->policy) {
      return entry->kind;
    }
    return changes_ ? "mutate" : "";
  }

  void judge(const Expectation& expectation, SuiteOutcome& outcome) {
    const auto slash = expectation.policy.rfind('/');
    const std::string name =
        slash == std::string::npos ? expectation.policy : expectation.policy.substr(slash + 1);
    const Entry* entry = nullptr;
    for (const auto& candidate : policies_) {
      entry = candidate.name == name && entry == nullptr ? &candidate : entry;
    }
    if (const auto reason = unsupported(expectation, entry); !reason.empty()) {
      outcome.rows.push_back(row(expectation, SuiteRow::Verdict::unsupported, reason));
      return;
    }
    if (entry == nullptr) {
      outcome.rows.push_back(row(expectation, SuiteRow::Verdict::not_found,
                                 "there is no policy \"" + text::printable(name) + "\""));
      return;
    }
    for (const std::size_t index : chosen(expectation, outcome)) {
      judge_object(expectation, *entry->policy, index, outcome);
    }
  }

  void judge_object(const Expectation& expectation,
                    const Policy& policy,
                    std::size_t index,
                    SuiteOutcome& outcome) {
    const auto add = [&](SuiteRow made) {
      made.resource = objects_[index].key;
      outcome.rows.push_back(std::move(made));
    };
    if (policy.is_invalid()) {
      const auto bad =
          std::find_if(policy.problems.begin(), policy.problems.end(),
                       [](const Problem& p) { return p.kind == Problem::Kind::invalid; });
      return add(row(expectation, SuiteRow::Verdict::invalid, bad->message));
    }
    bool any = false;
    for (const auto& result : results(index, expectation.operation)) {
      if (result.policy->name != policy.name || !names_rule(expectation.rule, *result.rule)) {
        continue;
      }
      any = true;
      const bool agreed = name(result.status) == expectation.result;
      SuiteRow made = row(expectation,
                          result.status == RuleStatus::no_verdict ? SuiteRow::Verdict::unsupported
                          : agreed                                ? SuiteRow::Verdict::agreed
                                                                  : SuiteRow::Verdict::differs,
                          result.message);
      if (result.status == RuleStatus::no_verdict && !policy.problems.empty()) {
        made.reason = policy.problems.front().message;
      }
      made.rule = result.rule->name;
      made.got = std::string(name(result.status));
      add(std::move(made));
    }
    if (!any) {
      add(row(expectation, SuiteRow::Verdict::excluded,
              "no rule of the policy was evaluated on it"));
    }
  }

  const Suite& suite_;
  std::vector<Manifests> owners_;
  std::vector<Entry> policies_;
  Arena objects_arena_;
  std::vector<Judged> objects_;
  std::set<std::string> keys_;
  std::vector<PolicyException> exceptions_;
  std::vector<const PolicyException*> exception_list_;
  Values values_;
  std::optional<UserInfo> user_;
  bool changes_ = false;  ///< some policy would change the objects before they are judged
  Evaluator evaluator_;
  std::map<std::pair<std::size_t, int>, std::vector<RuleResult>> results_;
};

}  // namespace

Result<SuiteOutcome> run_suite(const Suite& suite) {
  return Runner(suite).run();
}

}  // namespace sluice::policy
