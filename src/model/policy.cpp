// SPDX-License-Identifier: Apache-2.0
#include "model/policy.hpp"

#include "base/sha256.hpp"
#include "base/text.hpp"
#include "config/strict.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <set>

namespace sluice::model {
namespace {

using config::Field;
using config::Reader;
using Node = YAML::Node;

/// The enumerator at the place of the word in `words`; the first after a problem.
template <class Enum>
Enum chosen(Reader& r,
            const Node& node,
            const std::string& what,
            std::initializer_list<std::string_view> words) {
  const auto* found = std::ranges::find(words, r.choice(node, what, {words.begin(), words.end()}));
  return static_cast<Enum>(found == words.end() ? 0 : found - words.begin());
}

/// A number that is at least 0.
std::optional<double> amount(Reader& r, const Node& node, const std::string& what) {
  auto found = r.number(node, what);
  if (found && *found < 0) {
    r.problem(node, what + " is below zero");
    found.reset();
  }
  return found;
}

/// 0.01, or "1%".
std::optional<double> share(Reader& r, const Node& node, const std::string& what) {
  const std::string word = r.scalar(node, what);
  if (word.empty()) {
    return std::nullopt;
  }
  const bool percent = word.ends_with('%');
  const auto found = config::to_number(word.substr(0, word.size() - (percent ? 1 : 0)));
  if (found && *found >= 0 && *found <= (percent ? 100 : 1)) {
    return percent ? *found / 100 : *found;
  }
  r.problem(node, what + " must be a share such as 1% or 0.01");
  return std::nullopt;
}

Consequence consequence(Reader& r, const Node& node, const std::string& what) {
  return chosen<Consequence>(r, node, what, {"fail", "hold", "skip"});
}

void read_samples(Reader& r, const Node& v, std::string& metric, double& min) {
  r.mapping(v, "samples",
            {{"metric", [&](const Node& x) { metric = r.text(x, "samples.metric"); }},
             {"min", [&](const Node& x) { min = amount(r, x, "samples.min").value_or(0); }}});
  r.require(v, "samples", {"metric"});
}

Confidence read_confidence(Reader& r, const Node& v) {
  Confidence out;
  r.mapping(v, "ci",
            {{"method",
              [&](const Node& x) {
                out.method = chosen<Method>(r, x, "ci.method", {"none", "wilson", "bootstrap"});
              }},
             {"level",
              [&](const Node& x) {
                out.level = r.number(x, "ci.level").value_or(0.95);
                if (out.level < 0.5 || out.level > 0.9999) {
                  r.problem(x, "ci.level must lie between 0.5 and 0.9999; 0.95 is usual");
                }
              }},
             {"seed",
              [&](const Node& x) {
                out.seed =
                    static_cast<std::uint64_t>(std::min(amount(r, x, "ci.seed").value_or(1), 1e15));
              }},
             {"resamples", [&](const Node& x) {
                const double count = amount(r, x, "ci.resamples").value_or(10'000);
                if (count < 1000 || count > 100'000) {
                  r.problem(x, "ci.resamples must lie between 1000 and 100000");
                  return;
                }
                out.resamples = static_cast<std::size_t>(count);
              }}});
  r.require(v, "ci", {"method"});
  return out;
}

Slice read_slice(Reader& r, const Node& v) {
  Slice out;
  bool has_min_n = false;
  r.mapping(v, "slices[]",
            {{"name", [&](const Node& x) { out.name = r.text(x, "slices[].name"); }},
             {"metric", [&](const Node& x) { out.metric = r.text(x, "slices[].metric"); }},
             {"min", [&](const Node& x) { out.min = r.number(x, "slices[].min"); }},
             {"max", [&](const Node& x) { out.max = r.number(x, "slices[].max"); }},
             {"max_drop", [&](const Node& x) { out.max_drop = amount(r, x, "slices[].max_drop"); }},
             {"samples", [&](const Node& x) { out.samples = r.text(x, "slices[].samples"); }},
             {"min_n",
              [&](const Node& x) {
                out.min_n = amount(r, x, "slices[].min_n").value_or(0);
                has_min_n = true;
              }},
             {"on_missing",
              [&](const Node& x) { out.on_missing = consequence(r, x, "slices[].on_missing"); }},
             {"on_small",
              [&](const Node& x) { out.on_small = consequence(r, x, "slices[].on_small"); }}});
  r.require(v, "slices[]", {"name", "metric"});
  if (v.IsMap() && !out.min && !out.max && !out.max_drop) {
    r.problem(v, "slices[] asks for nothing: give min, max or max_drop");
  }
  if (has_min_n && out.samples.empty()) {
    r.problem(v, "slices[] has min_n and no samples, the metric that holds the number of samples");
  }
  return out;
}

void read_valid(Reader& r, const Node& v, Check& out) {
  std::vector<std::optional<double>> ends;
  r.sequence(v, "valid", [&](const Node& end) { ends.push_back(r.number(end, "valid[]")); });
  if (ends.size() != 2) {
    r.problem(v, "valid must be a list of two numbers, such as [0, 1]");
    return;
  }
  out.valid_low = ends[0];
  out.valid_high = ends[1];
  if (out.valid_low && out.valid_high && *out.valid_low >= *out.valid_high) {
    r.problem(v, "valid is an empty range");
  }
}

/// What the keys together must make sense of.
void judge_check(Reader& r, const Node& v, const Check& check) {
  r.require(v, "checks[]", {"metric", "direction", "ci"});
  if (!check.min && !check.max && !check.has_regression() && !check.has_improve() &&
      check.slices.empty()) {
    r.problem(v, "checks[] asks for nothing: give min, max, regression, improve or slices");
  }
  if (check.min && check.max && *check.min > *check.max) {
    r.problem(v, "checks[] has a min above its max, which no value meets");
  }
  if (check.confidence.method == Method::wilson && check.samples.empty()) {
    r.problem(v, "ci.method wilson needs samples.metric, the number of samples");
  }
  if (check.confidence.method == Method::wilson &&
      (check.valid_low.value_or(0) < 0 || check.valid_high.value_or(1) > 1)) {
    r.problem(v, "ci.method wilson is for proportions, which lie in [0, 1]; valid says otherwise");
  }
}

Check read_check(Reader& r, const Node& v) {
  Check out;
  r.mapping(
      v, "checks[]",
      {{"metric", [&](const Node& x) { out.metric = r.text(x, "metric"); }},
       {"direction",
        [&](const Node& x) {
          out.direction = chosen<Direction>(r, x, "direction", {"higher", "lower"});
        }},
       {"min", [&](const Node& x) { out.min = r.number(x, "min"); }},
       {"max", [&](const Node& x) { out.max = r.number(x, "max"); }},
       {"valid", [&](const Node& x) { read_valid(r, x, out); }},
       {"regression",
        [&](const Node& x) {
          r.mapping(x, "regression",
                    {{"max_drop",
                      [&](const Node& y) { out.max_drop = amount(r, y, "regression.max_drop"); }},
                     {"max_drop_rel", [&](const Node& y) {
                        out.max_drop_rel = share(r, y, "regression.max_drop_rel");
                      }}});
          if (x.IsMap() && !out.has_regression()) {
            r.problem(x, "regression needs max_drop or max_drop_rel");
          }
        }},
       {"improve",
        [&](const Node& x) {
          r.mapping(x, "improve",
                    {{"min", [&](const Node& y) { out.improve_min = amount(r, y, "improve.min"); }},
                     {"min_rel",
                      [&](const Node& y) { out.improve_rel = share(r, y, "improve.min_rel"); }}});
          if (x.IsMap() && !out.has_improve()) {
            r.problem(x, "improve needs min or min_rel");
          }
        }},
       {"samples", [&](const Node& x) { read_samples(r, x, out.samples, out.min_samples); }},
       {"ci", [&](const Node& x) { out.confidence = read_confidence(r, x); }},
       {"slices",
        [&](const Node& x) {
          r.sequence(x, "slices",
                     [&](const Node& item) { out.slices.push_back(read_slice(r, item)); });
        }},
       {"required", [&](const Node& x) { out.required = r.boolean(x, "required"); }}});
  judge_check(r, v, out);
  return out;
}

/// `policy`: where the champion's `none` goes; the candidate has none.
Files read_files(Reader& r, const Node& v, const std::string& what, Policy* policy) {
  Files out;
  std::vector<Field> fields = {
      {"metrics", [&](const Node& x) { out.metrics = r.text(x, what + ".metrics"); }},
      {"predictions", [&](const Node& x) { out.predictions = r.text(x, what + ".predictions"); }},
      {"model", [&](const Node& x) { out.model = r.text(x, what + ".model"); }}};
  if (policy != nullptr) {
    fields.push_back({"none", [&](const Node& x) {
                        policy->allow_floor_only =
                            chosen<bool>(r, x, what + ".none", {"fail", "allow-floor-only"});
                      }});
  }
  r.mapping(v, what, fields);
  return out;
}

void read_root(Reader& r, const Node& root, Policy& out) {
  r.mapping(
      root, "the policy",
      {{"commit",
        [&](const Node& x) {
          out.commit = chosen<CommitBinding>(r, x, "commit", {"expected", "recorded"});
        }},
       {"model_sha256",
        [&](const Node& x) {
          out.model_binding = chosen<Need>(r, x, "model_sha256", {"required", "optional"});
        }},
       {"data_sha256", [&](const Node& x) { out.data_sha256 = r.text(x, "data_sha256"); }},
       {"candidate",
        [&](const Node& x) { out.candidate = read_files(r, x, "candidate", nullptr); }},
       {"champion", [&](const Node& x) { out.champion = read_files(r, x, "champion", &out); }},
       {"mlflow",
        [&](const Node& x) {
          r.mapping(
              x, "mlflow",
              {{"model", [&](const Node& y) { out.mlflow.model = r.text(y, "mlflow.model"); }},
               {"alias", [&](const Node& y) { out.mlflow.alias = r.text(y, "mlflow.alias"); }},
               {"artifact",
                [&](const Node& y) { out.mlflow.artifact = r.text(y, "mlflow.artifact"); }},
               {"history", [&](const Node& y) {
                  out.mlflow.history =
                      chosen<History>(r, y, "mlflow.history", {"single", "latest"});
                }}});
          r.require(x, "mlflow", {"model"});
        }},
       {"may_loosen",
        [&](const Node& x) {
          constexpr std::array<std::string_view, 2> parts = {"checks", "bindings"};
          r.sequence(x, "may_loosen", [&](const Node& item) {
            out.may_loosen.insert(r.choice(item, "may_loosen[]", parts));
          });
        }},
       {"checks", [&](const Node& x) {
          r.sequence(x, "checks",
                     [&](const Node& item) { out.checks.push_back(read_check(r, item)); });
        }}});
  if (out.checks.empty()) {
    r.problem(root, "the policy has no checks, so every model would pass");
  }
  std::set<std::string> names;
  for (const Check& check : out.checks) {
    if (!names.insert(check.metric).second) {
      r.problem(root, "two checks of the metric " + text::quoted(check.metric));
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
  Policy policy;
  policy.digest = "sha256:" + hex(sha256(bytes));
  SLUICE_TRY(config::read_strictly(
      bytes, file, [&policy](Reader& r, const Node& root) { read_root(r, root, policy); }));
  if (policy.checks.empty()) {
    return Error{Error::Kind::parse,
                 text::printable(file) + " is empty, so every model would pass"};
  }
  return policy;
}

std::string policy_schema() {
  Policy policy;
  return config::schema_of("The policy of sluice-model-gate",
                           [&policy](Reader& r, const Node& root) { read_root(r, root, policy); });
}

}  // namespace sluice::model
