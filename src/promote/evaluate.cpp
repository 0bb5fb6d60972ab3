// SPDX-License-Identifier: Apache-2.0
#include "promote/evaluate.hpp"

#include "base/text.hpp"
#include "promote/hold.hpp"

#include <algorithm>
#include <iterator>
#include <set>

namespace sluice::promote {

namespace {

Holding holding_at(const Survey& survey, std::span<const std::size_t> places) {
  Holding holding;
  std::set<std::string> files;
  for (const std::size_t index : places) {
    const Holder& holder = survey.holders[index];
    if (std::ranges::find(holding.versions, holder.old) == holding.versions.end()) {
      holding.versions.push_back(holder.old);
    }
    for (const Slot& slot : holder.slots) {
      files.insert(slot.place.file);
    }
  }
  holding.files.assign(files.begin(), files.end());
  return holding;
}

/// Nothing is no error: the environment does not hold it yet.
Result<Holding> holding_of(Survey& survey, const Ask& ask, Request request) {
  request.several = Several::all;
  request.object.clear();
  request.container.clear();
  const auto places = places_of(survey, ask, request);
  if (!places && places.error().kind != Error::Kind::not_found) {
    return places.error();
  }
  return places ? holding_at(survey, *places) : Holding();
}

/// One evaluation, in steps.
class Evaluator {
 public:
  Evaluator(Tree& tree,
            const config::Config& config,
            const Request& request,
            const History& history)
      : tree_(tree), config_(config), request_(request), history_(history), environments_(config) {}

  Result<Evaluation> run() {
    SLUICE_TRY_ASSIGN(earlier_names_, environments_.before(request_.to));
    SLUICE_TRY(settle_from());
    std::vector<Ask> ordered;  // a value is named by its file, which is of one environment
    std::ranges::copy_if(request_.asks, std::back_inserter(ordered),
                         [](const Ask& ask) { return ask.kind != ItemKind::value; });
    std::map<std::string, Survey> earlier;
    for (const std::string& name : earlier_names_) {
      SLUICE_TRY_ASSIGN(earlier[name], survey_environment(tree_, environments_, name, ordered));
    }
    Survey here;
    SLUICE_TRY_ASSIGN(here, survey_environment(tree_, environments_, request_.to, request_.asks));
    std::vector<edit::Change> changes;
    for (const Ask& ask : request_.asks) {
      SLUICE_TRY(take(ask, here, earlier, changes));
    }
    if (!changes.empty()) {
      SLUICE_TRY(finish(here, changes));
    }
    return std::move(out_);
  }

 private:
  /// Without environments in sluice.yaml, --from says what comes before.
  Status settle_from() {
    if (request_.from.empty()) {
      return ok;
    }
    SLUICE_TRY(environments_.before(request_.from));
    if (request_.from == request_.to) {
      return Error{Error::Kind::usage, "--from and --to are the same environment"};
    }
    if (std::ranges::find(earlier_names_, request_.from) == earlier_names_.end()) {
      earlier_names_.push_back(request_.from);
    }
    return ok;
  }

  /// The version that is asked for, with what the earlier environments know about it.
  Result<std::string> wanted_of(const Ask& ask,
                                const std::map<std::string, Holding>& earlier) const {
    const std::string from = !request_.from.empty()       ? request_.from
                             : earlier_names_.size() == 1 ? earlier_names_.front()
                                                          : std::string();
    const auto known = earlier.find(from);
    const bool one = known != earlier.end() && known->second.versions.size() == 1;
    if (ask.wanted.empty()) {
      if (one) {
        return known->second.versions.front();
      }
      return Error{Error::Kind::usage,
                   text::printable(ask.name) + " has no version, and " +
                       (from.empty() ? "it is not said from where to take it (--from ENV)"
                        : known == earlier.end() || known->second.versions.empty()
                            ? from + " holds none"
                            : from + " holds several")};
    }
    const auto wanted = image::parse(ask.wanted);
    if (ask.kind == ItemKind::image && wanted && wanted->digest.empty()) {
      for (const auto& [name, holding] : earlier) {
        const auto held = holding.versions.size() == 1 ? image::parse(holding.versions.front())
                                                       : Result<image::Reference>(Error{});
        if (held && !held->digest.empty() && held->tag == wanted->tag) {
          return ask.wanted + '@' + held->digest;  // the same image, and not only the same tag
        }
      }
    }
    return ask.wanted;
  }

  Status take(const Ask& ask,
              Survey& here,
              std::map<std::string, Survey>& earlier_surveys,
              std::vector<edit::Change>& changes) {
    std::map<std::string, Holding> earlier;
    if (ask.kind != ItemKind::value) {
      for (auto& [name, survey] : earlier_surveys) {
        SLUICE_TRY_ASSIGN(earlier[name], holding_of(survey, ask, request_));
      }
    }
    std::string version;
    SLUICE_TRY_ASSIGN(version, wanted_of(ask, earlier));
    Wanted wanted;
    SLUICE_TRY_ASSIGN(wanted, parse_wanted(version));
    if (ask.kind != ItemKind::image) {
      wanted = {.reference = {}, .version = version};
    }
    std::vector<std::size_t> places;
    SLUICE_TRY_ASSIGN(places, places_of(here, ask, request_));
    bool is_first = true;
    for (const std::size_t index : places) {
      const Holder& holder = here.holders[index];
      Plan plan;
      SLUICE_TRY_ASSIGN(plan, promote::plan(holder, wanted));
      if (plan.changes.empty()) {
        continue;
      }
      changes.insert(changes.end(), plan.changes.begin(), plan.changes.end());
      Item item{.kind = ask.kind, .name = ask.name, .before = plan.previous, .after = plan.now};
      remember_digest(version, item);
      SLUICE_TRY(judge(ask, item, holder, earlier));
      if (is_first) {
        out_.story.items.push_back(item);
        is_first = false;
      }
    }
    return ok;
  }

  /// A place with a tag alone does not show the digest that was promoted; the commit does.
  static void remember_digest(const std::string& version, Item& item) {
    const auto wanted = image::parse(version);
    const auto now = image::parse(item.after);
    if (item.kind == ItemKind::image && wanted && now && now->digest.empty() &&
        !wanted->digest.empty()) {
      item.after += '@' + wanted->digest;
    }
  }

  void add(std::vector<diag::Finding> findings) {
    out_.findings.insert(out_.findings.end(), std::make_move_iterator(findings.begin()),
                         std::make_move_iterator(findings.end()));
  }

  Status judge(const Ask& ask,
               const Item& item,
               const Holder& holder,
               const std::map<std::string, Holding>& earlier) {
    const Target target{.holder = &holder, .item = &item, .environment = request_.to};
    add(check_expected(target, request_.expect_old));
    if (request_.rules == Rules::none) {
      return ok;
    }
    add(check_hold(target));
    SLUICE_TRY(check_hold_files(target));
    add(check_downgrade(target, request_.downgrade));
    SLUICE_TRY(check_left(ask, target));
    SLUICE_TRY(check_source(target, ask));
    if (ask.kind == ItemKind::value) {
      if (!earlier_names_.empty()) {
        out_.findings.push_back({.location = holder.slots.front().place.location,
                                 .code = "promote/unordered",
                                 .severity = diag::Severity::warning,
                                 .message = text::printable(ask.name) + " is set in " +
                                            request_.to +
                                            " by its place, so it is not compared with " +
                                            text::join(earlier_names_, ", "),
                                 .env = request_.to});
      }
      return ok;
    }
    std::vector<Earlier> held;
    for (const std::string& name : earlier_names_) {
      held.push_back({.environment = name, .held = earlier.at(name).versions});
    }
    const auto against = check_order(target, held);
    const bool in_order = std::ranges::none_of(
        against, [](const auto& each) { return each.severity == diag::Severity::error; });
    add(against);
    return in_order ? judge_arrivals(ask, target, earlier) : ok;
  }

  /// What depends on how the version came to the environments before.
  Status judge_arrivals(const Ask& ask,
                        const Target& target,
                        const std::map<std::string, Holding>& earlier) {
    const config::PromoteEnvironment& rules = rules_of(config_, request_.to);
    const std::vector<std::string> gates = gates_for(config_, request_.to, ask.kind);
    std::vector<Arrival> arrivals;
    if (rules.soak != 0 || !rules.statuses.empty() || !gates.empty()) {
      for (const auto& [name, holding] : earlier) {
        Arrival arrival{.environment = name};
        if (history_.arrival) {
          SLUICE_TRY_ASSIGN(arrival,
                            history_.arrival(name, ask, holding.files, holding.versions.front()));
        }
        arrivals.push_back(std::move(arrival));
      }
    }
    add(check_soak(target, rules.soak, arrivals, request_.now));
    add(check_evidence(target, gates, request_.evidence, arrivals, request_.now,
                       out_.story.verdicts));
    return check_statuses(target, rules.statuses, arrivals);
  }

  Status check_statuses(const Target& target,
                        const std::vector<std::string>& wanted,
                        const std::vector<Arrival>& arrivals) {
    if (wanted.empty()) {
      return ok;
    }
    if (!history_.statuses) {
      return Error{Error::Kind::usage,
                   "sluice.yaml asks for commit statuses: name the forge with --forge"};
    }
    for (const Arrival& arrival : arrivals) {
      std::vector<std::string> good;
      if (!arrival.commit.empty()) {
        SLUICE_TRY_ASSIGN(good, history_.statuses(arrival.commit));
      }
      for (const std::string& status : wanted) {
        if (std::ranges::find(good, status) == good.end()) {
          out_.findings.push_back(
              {.location = target.holder->slots.front().place.location,
               .code = "promote/status",
               .message = "the status " + text::printable(status) + " is not success at " +
                          (arrival.commit.empty() ? "the commit" : arrival.commit.substr(0, 12)) +
                          ", which brought " + text::printable(target.item->after) + " to " +
                          arrival.environment,
               .hint = "wait for it, or see why it failed",
               .env = request_.to});
        }
      }
    }
    return ok;
  }

  Status check_hold_files(const Target& target) {
    std::set<std::string> files;
    for (const Slot& slot : target.holder->slots) {
      for (std::string& file : hold_files_above(slot.place.file)) {
        files.insert(std::move(file));
      }
    }
    for (const std::string& file : files) {
      if (!hold_bytes_.contains(file)) {
        SLUICE_TRY_ASSIGN(hold_bytes_[file], tree_.read(file));
      }
      const auto& bytes = hold_bytes_[file];
      const auto hold = bytes ? find_hold(*bytes, target.item->name) : std::nullopt;
      if (hold) {
        diag::Finding finding = held(target, file, hold->reason);
        finding.location = {.file = file, .line = hold->line, .column = 1};
        out_.findings.push_back(std::move(finding));
        break;
      }
    }
    return ok;
  }

  /// Names that do not order, such as hashes: a version that the environment has left already is a
  /// step back.
  Status check_left(const Ask& ask, const Target& target) {
    if (request_.downgrade == Downgrade::allow || ask.kind == ItemKind::value ||
        comparable(*target.item) || !history_.was_left) {
      return ok;
    }
    std::vector<std::string> files;
    for (const Slot& slot : target.holder->slots) {
      files.push_back(slot.place.file);
    }
    bool was_left = false;
    SLUICE_TRY_ASSIGN(was_left, history_.was_left(ask, files, target.item->after));
    if (was_left) {
      out_.findings.push_back(downgrade(target, "the environment held it before"));
    }
    return ok;
  }

  Status check_source(const Target& target, const Ask& ask) {
    if (request_.downgrade == Downgrade::allow || request_.source_commit.empty() ||
        comparable(*target.item) || !history_.is_ancestor || !history_.arrival) {
      return ok;
    }
    std::vector<std::string> files;
    for (const Slot& slot : target.holder->slots) {
      files.push_back(slot.place.file);
    }
    Arrival arrival;
    SLUICE_TRY_ASSIGN(arrival, history_.arrival(request_.to, ask, files, target.item->before));
    std::optional<bool> older;
    if (!arrival.source_commit.empty() && arrival.source_commit != request_.source_commit) {
      SLUICE_TRY_ASSIGN(older, history_.is_ancestor(request_.source_commit, arrival.source_commit));
    }
    if (older.value_or(false)) {
      out_.findings.push_back(downgrade(target, "its source commit is an ancestor of " +
                                                    arrival.source_commit.substr(0, 12) +
                                                    ", which is there"));
    }
    return ok;
  }

  Status finish(const Survey& here, const std::vector<edit::Change>& changes) {
    if (request_.rules == Rules::all) {
      add(check_freeze(config_, request_.to, request_.now));
    }
    SLUICE_TRY_ASSIGN(out_.after, promote::apply(here, changes));
    for (const File& file : out_.after) {
      out_.before.push_back(*std::ranges::find(here.files, file.path, &File::path));
    }
    out_.story.to = request_.to;
    out_.story.verb = request_.verb;
    if (request_.rules == Rules::all) {
      out_.story.from = earlier_names_;
    }
    out_.story.source_commit = request_.source_commit;
    out_.story.id = promotion_id(out_.story);
    return ok;
  }

  Tree& tree_;
  const config::Config& config_;
  const Request& request_;
  const History& history_;
  const Environments environments_;
  std::vector<std::string> earlier_names_;
  std::map<std::string, std::optional<std::string>> hold_bytes_;
  Evaluation out_;
};

}  // namespace

Result<Evaluation> evaluate(Tree& tree,
                            const config::Config& config,
                            const Request& request,
                            const History& history) {
  return Evaluator(tree, config, request, history).run();
}

Result<Holding> find_holding(Tree& tree,
                             const Environments& environments,
                             const Request& request,
                             const Ask& ask) {
  Survey here;
  SLUICE_TRY_ASSIGN(here, survey_environment(tree, environments, request.to, {&ask, 1}));
  std::vector<std::size_t> places;
  SLUICE_TRY_ASSIGN(places, places_of(here, ask, request));
  return holding_at(here, places);
}

}  // namespace sluice::promote
