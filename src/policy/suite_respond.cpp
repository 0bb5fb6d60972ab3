// SPDX-License-Identifier: Apache-2.0
#include "policy/suite_respond.hpp"

#include "policy/mutate.hpp"

#include <algorithm>
#include <set>

namespace sluice::policy {

namespace {

bool any_rule(const Policy& policy, bool (*fits)(const Rule&)) {
  return std::any_of(policy.rules.begin(), policy.rules.end(), fits);
}

bool mutates(const Rule& rule) {
  return rule.mutation != nullptr;
}

bool generates(const Rule& rule) {
  return rule.generation != nullptr;
}

bool judges(const Rule& rule) {
  return !rule.changes();
}

bool looks_at_images(const Rule& rule) {
  return rule.check.kind == Check::Kind::images;
}

std::string_view name_of(std::string_view policy) {
  const auto slash = policy.rfind('/');
  return slash == std::string_view::npos ? policy : policy.substr(slash + 1);
}

/// A generate rule that takes something from elsewhere.
bool clones(const Rule& rule) {
  const Value generate = rule.source.get({"generate"});
  return generate.get({"clone"}).size() > 0 || generate.get({"cloneList", "kinds"}).size() > 0;
}

}  // namespace

Status Responder::prepare() {
  for (const auto& entry : data_.policies) {
    if (!entry.policy) {
      continue;
    }
    for (const auto& rule : entry.policy->rules) {
      const auto named = [&](const Expectation& expectation) {
        return expectation.rule == rule.name && name_of(expectation.policy) == entry.name;
      };
      const auto found =
          std::find_if(suite_.expectations.begin(), suite_.expectations.end(), named);
      if (!clones(rule) || found == suite_.expectations.end() || found->clone_source.empty()) {
        continue;
      }
      std::vector<Object> objects;
      SLUICE_TRY_ASSIGN(objects, load_objects(found->clone_source, data_));
      auto& sources = sources_[entry.name][rule.name];
      for (const auto& object : objects) {
        sources.push_back(object.value);
      }
    }
  }
  return ok;
}

const std::vector<Response>& Responder::respond(std::size_t object,
                                                const std::optional<Operation>& operation) {
  const auto [found, is_new] =
      responses_.try_emplace({object, operation ? static_cast<int>(*operation) : -1});
  if (is_new) {
    Request request{.object = data_.objects[object].object, .operation = operation};
    request.user = data_.user ? &*data_.user : nullptr;
    request.values = &data_.values;
    request.undeclared = Failure::Kind::error;
    request.exceptions = data_.exception_list;
    request.declared = &data_.declared;
    request.config_maps = data_.declared.has_cluster ? &data_.config_maps : nullptr;
    run(object, request, found->second);
  }
  return found->second;
}

void Responder::run(std::size_t object, const Request& given, std::vector<Response>& out) {
  const auto kind = data_.objects[object].object.kind;
  Request request = given;
  bool known = true;
  const auto add = [&](Response::Phase phase, const SuitePolicy& policy) -> Response& {
    out.push_back({.phase = phase, .policy = &policy, .object = {}, .known = known, .rules = {}});
    return out.back();
  };
  const auto each = [&](bool (*fits)(const Rule&), const auto& visit) {
    for (const auto& entry : data_.policies) {
      if (entry.policy && !entry.policy->is_invalid() && any_rule(*entry.policy, fits)) {
        visit(entry, entry.policy->rules_for(kind));
      }
    }
  };
  using Rules = std::vector<const Rule*>;
  each(mutates, [&](const SuitePolicy& entry, const Rules& rules) {
    Response& response = add(Response::Phase::mutate, entry);
    if (request.object.value.is_null()) {
      return;
    }
    Mutated mutated = mutate(evaluator_, *entry.policy, rules, request, data_.world);
    known = known && mutated.known;
    response.known = known;
    response.rules = std::move(mutated.results);
    request.object = mutated.object;
    response.object = request.object.value;
  });
  // The CLI looks at images twice; the first look says nothing without a registry.
  each(looks_at_images, [&](const SuitePolicy& entry, const Rules&) {
    add(Response::Phase::images, entry).object = request.object.value;
  });
  each(judges, [&](const SuitePolicy& entry, const Rules& rules) {
    Response& response = add(Response::Phase::validate, entry);
    if (!request.object.value.is_null()) {
      evaluator_.judge(*entry.policy, rules, request, response.rules);
      request.object =
          admit(evaluator_.arena(), evaluator_.cache(), *entry.policy, request).request.object;
    }
    response.object = request.object.value;
  });
  each(generates, [&](const SuitePolicy& entry, const Rules& rules) {
    if (request.object.value.is_null()) {
      return;
    }
    auto results = generate(evaluator_, *entry.policy, rules, request, sources_[entry.name]);
    if (!results.empty()) {
      Response& response = add(Response::Phase::generate, entry);
      response.object = request.object.value;
      response.rules = std::move(results);
    }
  });
}

void Responder::run_all() {
  std::set<int> operations;
  for (const auto& expectation : suite_.expectations) {
    if (expectation.operation) {
      operations.insert(static_cast<int>(*expectation.operation));
    }
  }
  for (std::size_t i = 0; i < data_.objects.size(); ++i) {
    respond(i, std::nullopt);
    for (const int operation : operations) {
      respond(i, static_cast<Operation>(operation));
    }
  }
}

std::vector<Responder::Changed> Responder::changes_of(const Object& target) {
  run_all();
  std::vector<Changed> changed;
  for (const auto& [key, responses] : responses_) {
    for (const auto& response : responses) {
      const auto visit = [&](const RuleResult& result) {
        for (const Value& value : result.made) {
          const bool same = value.text({"apiVersion"}) == target.api_version &&
                            value.text({"kind"}) == target.kind &&
                            value.text({"metadata", "name"}) == target.name &&
                            (target.name_space.empty() ||
                             value.text({"metadata", "namespace"}) == target.name_space);
          if (same) {
            changed.push_back({&response, &result, value});
            return true;
          }
        }
        return false;
      };
      if (response.phase == Response::Phase::mutate) {
        static_cast<void>(std::any_of(response.rules.begin(), response.rules.end(), visit));
      }
    }
  }
  return changed;
}

std::set<const Policy*> Responder::evaluated() {
  run_all();
  std::set<const Policy*> policies;
  for (const auto& [key, responses] : responses_) {
    for (const auto& response : responses) {
      if (!response.rules.empty()) {
        policies.insert(&*response.policy->policy);
      }
    }
  }
  return policies;
}

}  // namespace sluice::policy
