// SPDX-License-Identifier: Apache-2.0
#include "model/policy.hpp"

#include "base/sha256.hpp"
#include "base/text.hpp"
#include "model/fields.hpp"

#include <array>
#include <cmath>
#include <set>

namespace sluice::model {
namespace {

using yaml::Value;

void require(Fields& f, const Value& at, std::string_view what, std::string_view key) {
  if (at.is_mapping() && at.find(key) == nullptr) {
    f.problem(at, std::string(what) + " has no " + std::string(key));
  }
}

Consequence consequence(Fields& f, const Value& v, std::string_view what) {
  return static_cast<Consequence>(f.choice(v, what, {"fail", "hold", "skip"}));
}

void read_samples(Fields& f, const Value& v, std::string& metric, double& min) {
  f.mapping(v, "samples",
            {{"metric", [&](const Value& x) { metric = f.text(x, "samples.metric"); }},
             {"min", [&](const Value& x) { min = f.amount(x, "samples.min").value_or(0); }}});
  require(f, v, "samples", "metric");
}

Confidence read_confidence(Fields& f, const Value& v) {
  Confidence out;
  f.mapping(v, "ci",
            {{"method",
              [&](const Value& x) {
                out.method =
                    static_cast<Method>(f.choice(x, "ci.method", {"none", "wilson", "bootstrap"}));
              }},
             {"level",
              [&](const Value& x) {
                out.level = f.number(x, "ci.level").value_or(0.95);
                if (out.level < 0.5 || out.level > 0.9999) {
                  f.problem(x, "ci.level must lie between 0.5 and 0.9999; 0.95 is usual");
                }
              }},
             {"seed",
              [&](const Value& x) {
                out.seed =
                    static_cast<std::uint64_t>(std::min(f.amount(x, "ci.seed").value_or(1), 1e15));
              }},
             {"resamples", [&](const Value& x) {
                const double count = f.amount(x, "ci.resamples").value_or(10'000);
                if (count < 1000 || count > 100'000) {
                  f.problem(x, "ci.resamples must lie between 1000 and 100000");
                  return;
                }
                out.resamples = static_cast<std::size_t>(count);
              }}});
  require(f, v, "ci", "method");
  return out;
}

Slice read_slice(Fields& f, const Value& v) {
  Slice out;
  bool has_min_n = false;
  f.mapping(v, "slices[]",
            {{"name", [&](const Value& x) { out.name = f.text(x, "slices[].name"); }},
             {"metric", [&](const Value& x) { out.metric = f.text(x, "slices[].metric"); }},
             {"min", [&](const Value& x) { out.min = f.number(x, "slices[].min"); }},
             {"max", [&](const Value& x) { out.max = f.number(x, "slices[].max"); }},
             {"max_drop", [&](const Value& x) { out.max_drop = f.amount(x, "slices[].max_drop"); }},
             {"samples", [&](const Value& x) { out.samples = f.text(x, "slices[].samples"); }},
             {"min_n",
              [&](const Value& x) {
                out.min_n = f.amount(x, "slices[].min_n").value_or(0);
                has_min_n = true;
              }},
             {"on_missing",
              [&](const Value& x) { out.on_missing = consequence(f, x, "slices[].on_missing"); }},
             {"on_small",
              [&](const Value& x) { out.on_small = consequence(f, x, "slices[].on_small"); }}});
  require(f, v, "slices[]", "name");
  require(f, v, "slices[]", "metric");
  if (v.is_mapping() && !out.min && !out.max && !out.max_drop) {
    f.problem(v, "slices[] asks for nothing: give min, max or max_drop");
  }
  if (has_min_n && out.samples.empty()) {
    f.problem(v, "slices[] has min_n and no samples, the metric that holds the number of samples");
  }
  return out;
}

void read_valid(Fields& f, const Value& v, Check& out) {
  if (v.kind != yaml::Kind::sequence || v.items.size() != 2) {
    f.problem(v, "valid must be a list of two numbers, such as [0, 1]");
    return;
  }
  out.valid_low = f.number(v.items[0], "valid[0]");
  out.valid_high = f.number(v.items[1], "valid[1]");
  if (out.valid_low && out.valid_high && *out.valid_low >= *out.valid_high) {
    f.problem(v, "valid is an empty range");
  }
}

/// What the keys together must make sense of.
void judge_check(Fields& f, const Value& v, const Check& check) {
  require(f, v, "checks[]", "metric");
  require(f, v, "checks[]", "direction");
  require(f, v, "checks[]", "ci");
  if (!check.min && !check.max && !check.has_regression() && !check.has_improve() &&
      check.slices.empty()) {
    f.problem(v, "checks[] asks for nothing: give min, max, regression, improve or slices");
  }
  if (check.min && check.max && *check.min > *check.max) {
    f.problem(v, "checks[] has a min above its max, which no value meets");
  }
  if (check.confidence.method == Method::wilson && check.samples.empty()) {
    f.problem(v, "ci.method wilson needs samples.metric, the number of samples");
  }
  if (check.confidence.method == Method::wilson &&
      (check.valid_low.value_or(0) < 0 || check.valid_high.value_or(1) > 1)) {
    f.problem(v, "ci.method wilson is for proportions, which lie in [0, 1]; valid says otherwise");
  }
}

Check read_check(Fields& f, const Value& v) {
  Check out;
  f.mapping(
      v, "checks[]",
      {{"metric", [&](const Value& x) { out.metric = f.text(x, "metric"); }},
       {"direction",
        [&](const Value& x) {
          out.direction = static_cast<Direction>(f.choice(x, "direction", {"higher", "lower"}));
        }},
       {"min", [&](const Value& x) { out.min = f.number(x, "min"); }},
       {"max", [&](const Value& x) { out.max = f.number(x, "max"); }},
       {"valid", [&](const Value& x) { read_valid(f, x, out); }},
       {"regression",
        [&](const Value& x) {
          f.mapping(x, "regression",
                    {{"max_drop",
                      [&](const Value& y) { out.max_drop = f.amount(y, "regression.max_drop"); }},
                     {"max_drop_rel", [&](const Value& y) {
                        out.max_drop_rel = f.share(y, "regression.max_drop_rel");
                      }}});
          if (x.is_mapping() && !out.has_regression()) {
            f.problem(x, "regression needs max_drop or max_drop_rel");
          }
        }},
       {"improve",
        [&](const Value& x) {
          f.mapping(x, "improve",
                    {{"min", [&](const Value& y) { out.improve_min = f.amount(y, "improve.min"); }},
                     {"min_rel",
                      [&](const Value& y) { out.improve_rel = f.share(y, "improve.min_rel"); }}});
          if (x.is_mapping() && !out.has_improve()) {
            f.problem(x, "improve needs min or min_rel");
          }
        }},
       {"samples", [&](const Value& x) { read_samples(f, x, out.samples, out.min_samples); }},
       {"ci", [&](const Value& x) { out.confidence = read_confidence(f, x); }},
       {"slices",
        [&](const Value& x) {
          f.sequence(x, "slices",
                     [&](const Value& item) { out.slices.push_back(read_slice(f, item)); });
        }},
       {"required", [&](const Value& x) { out.required = f.boolean(x, "required"); }}});
  judge_check(f, v, out);
  return out;
}

Files read_files(Fields& f, const Value& v, const std::string& what, Policy* policy) {
  Files out;
  const auto none = [&](const Value& x) {
    if (policy == nullptr) {
      f.problem(x, what + ".none is for the champion");
    } else {
      policy->allow_floor_only = f.choice(x, what + ".none", {"fail", "allow-floor-only"}) == 1;
    }
  };
  f.mapping(
      v, what,
      {{"metrics", [&](const Value& x) { out.metrics = f.text(x, what + ".metrics"); }},
       {"predictions", [&](const Value& x) { out.predictions = f.text(x, what + ".predictions"); }},
       {"model", [&](const Value& x) { out.model = f.text(x, what + ".model"); }},
       {"none", none}});
  return out;
}

void read_root(Fields& f, const Value& root, Policy& out) {
  f.mapping(
      root, "the policy",
      {{"commit",
        [&](const Value& x) {
          out.commit = static_cast<CommitBinding>(f.choice(x, "commit", {"expected", "recorded"}));
        }},
       {"model_sha256",
        [&](const Value& x) {
          out.model_binding =
              static_cast<Need>(f.choice(x, "model_sha256", {"required", "optional"}));
        }},
       {"data_sha256", [&](const Value& x) { out.data_sha256 = f.text(x, "data_sha256"); }},
       {"candidate",
        [&](const Value& x) { out.candidate = read_files(f, x, "candidate", nullptr); }},
       {"champion", [&](const Value& x) { out.champion = read_files(f, x, "champion", &out); }},
       {"mlflow",
        [&](const Value& x) {
          f.mapping(
              x, "mlflow",
              {{"model", [&](const Value& y) { out.mlflow.model = f.text(y, "mlflow.model"); }},
               {"alias", [&](const Value& y) { out.mlflow.alias = f.text(y, "mlflow.alias"); }},
               {"artifact",
                [&](const Value& y) { out.mlflow.artifact = f.text(y, "mlflow.artifact"); }},
               {"history", [&](const Value& y) {
                  out.mlflow.history =
                      static_cast<History>(f.choice(y, "mlflow.history", {"single", "latest"}));
                }}});
          require(f, x, "mlflow", "model");
        }},
       {"may_loosen",
        [&](const Value& x) {
          constexpr std::array<std::string_view, 2> parts = {"checks", "bindings"};
          f.sequence(x, "may_loosen", [&](const Value& item) {
            out.may_loosen.emplace(parts.at(f.choice(item, "may_loosen[]", {parts[0], parts[1]})));
          });
        }},
       {"checks", [&](const Value& x) {
          f.sequence(x, "checks",
                     [&](const Value& item) { out.checks.push_back(read_check(f, item)); });
        }}});
  if (out.checks.empty()) {
    f.problem(root, "the policy has no checks, so every model would pass");
  }
  std::set<std::string> names;
  for (const Check& check : out.checks) {
    if (!names.insert(check.metric).second) {
      f.problem(root, "two checks of the metric " + text::quoted(check.metric));
    }
  }
}

}  // namespace

std::vector<std::string> metrics_of(const Policy& policy) {
  std::set<std::string> names;
  for (const Check& check : policy.checks) {
    names.insert({check.metric, check.samples});
    for (const Slice& slice : check.slices) {
      names.insert({slice.metric, slice.samples});
    }
  }
  names.erase("");
  return {names.begin(), names.end()};
}

Result<Policy> read_policy(const std::string& bytes, const std::string& file) {
  Value root;
  SLUICE_TRY_ASSIGN(root, yaml::parse_value(bytes, file));
  Policy policy;
  policy.digest = "sha256:" + hex(sha256(bytes));
  Fields fields(file);
  read_root(fields, root, policy);
  if (!fields.problems().empty()) {
    return Error{Error::Kind::parse, text::join(fields.problems(), "\n")};
  }
  return policy;
}

}  // namespace sluice::model
