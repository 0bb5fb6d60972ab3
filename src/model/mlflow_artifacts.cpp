// SPDX-License-Identifier: Apache-2.0
// What lies beside a run's latest metrics: artifacts, and the history of each metric.
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "model/mlflow.hpp"

#include <algorithm>

namespace sluice::model::mlflow {

using yaml::Value;

Result<std::string> Session::artifact(const std::string& run_id, const std::string& path) {
  const std::string where = "/get-artifact?run_id=" + run_id + "&path=" + in_query(path);
  Reply reply;
  SLUICE_TRY_ASSIGN(reply, ask("GET", where, {}));
  if (reply.status != 200) {
    return refusal(reply, where);
  }
  return std::move(reply.body);
}

Result<std::vector<Prediction>> Session::predictions(const std::string& run_id) {
  Value answer;
  SLUICE_TRY_ASSIGN(answer, json("GET", "/api/2.0/mlflow/artifacts/list?run_id=" + run_id));
  const Value* const files = answer.find("files");
  const bool there = files != nullptr && std::ranges::any_of(files->items, [](const Value& file) {
                       return file.text_at({"path"}) == "predictions.csv";
                     });
  if (!there) {
    return std::vector<Prediction>();
  }
  std::string bytes;
  SLUICE_TRY_ASSIGN(bytes, artifact(run_id, "predictions.csv"));
  return read_predictions(bytes, "run " + run_id + ": predictions.csv");
}

Result<std::string> Session::artifact_digest(const Version& version, const std::string& path) {
  const bool is_of_run = version.source == "runs:/" + version.run_id + '/' + path ||
                         version.source.ends_with('/' + version.run_id + "/artifacts/" + path);
  if (!is_of_run) {
    return Error{Error::Kind::parse, text::printable(version.name) + " version " +
                                         text::printable(version.version) + " was made of " +
                                         text::quoted(version.source, 200) + ", not of " +
                                         text::quoted(path, 200) + " of its run (mlflow.artifact)"};
  }
  std::string bytes;
  SLUICE_TRY_ASSIGN(bytes, artifact(version.run_id, path));
  return "sha256:" + hex(sha256(bytes));
}

Status Session::check_history(const std::string& run_id,
                              const std::vector<std::string>& metrics,
                              Subject& subject) {
  for (const std::string& metric : metrics) {
    if (!subject.metrics.contains(metric)) {
      continue;
    }
    Value answer;
    SLUICE_TRY_ASSIGN(answer,
                      json("GET", "/api/2.0/mlflow/metrics/get-history?run_id=" + run_id +
                                      "&metric_key=" + in_query(metric) + "&max_results=1000"));
    const Value* const points = answer.find("metrics");
    if (points == nullptr || points->items.empty()) {
      return Error{Error::Kind::io, "MLflow: the run has the metric " + text::quoted(metric, 80) +
                                        ", and its history is empty"};
    }
    const auto value_of = [](const Value& point) {
      const Value* const value = point.find("value");
      return value == nullptr ? std::string() : value->text;
    };
    const bool is_one = std::ranges::all_of(points->items, [&](const Value& point) {
      return value_of(point) == value_of(points->items.front());
    });
    if (!is_one || !answer.text_at({"next_page_token"}).empty()) {
      subject.metrics.erase(metric);
      subject.unfit[metric] = "was logged " + std::to_string(points->items.size()) +
                              " times with different values, and MLflow shows that of the "
                              "greatest step (mlflow.history: latest takes it)";
    }
  }
  return ok;
}

}  // namespace sluice::model::mlflow
