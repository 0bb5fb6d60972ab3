// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "http/client.hpp"
#include "model/subject.hpp"
#include "yaml/value.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What a gate needs of MLflow's REST interface (version 2.0 of it, as MLflow 3.17 serves it).
namespace sluice::model::mlflow {

/// Where the server is and how to be let in.
struct Server {
  std::string url;                    ///< "https://mlflow.example.com", without a final '/'
  std::vector<http::Header> headers;  ///< Authorization, when there is one; never shown
  std::string ca_file;
};

/// `url`, or MLFLOW_TRACKING_URI when it is empty, with MLFLOW_TRACKING_TOKEN or
/// MLFLOW_TRACKING_USERNAME and _PASSWORD, and MLFLOW_TRACKING_SERVER_CERT_PATH. Errors (usage): no
/// http address; a user name in it; MLFLOW_TRACKING_INSECURE_TLS, which is not supported.
Result<Server> server(const std::string& url);

/// Percent-encoded for one value of a query; unlike a path's, '/' and '+' too.
std::string in_query(std::string_view value);

/// How long to wait for a server that stumbles.
struct Patience {
  unsigned tries = 3;  ///< of one request: after 408, 429, 500, 502, 503, 504 and lost connections
  std::chrono::milliseconds pause{500};     ///< before the second try; doubled for each other one
  std::chrono::milliseconds total{60'000};  ///< of everything that one Session asks
};

/// A version of a registered model.
struct Version {
  std::string name, version, run_id, source, status;
  std::vector<std::pair<std::string, std::string>> tags;
};

/// Talks to one server within one deadline. Only requests that may be sent twice are sent at all.
/// Errors: io (no answer, or one that is no MLflow), not_found (MLflow says so), usage (401, 403).
/// No message holds a header, a query or what a server says in HTML.
class Session {
 public:
  Session(const http::Client& client, Server server, Patience patience = {});

  /// The version that an alias stands for; nothing when the model is there and has no such alias,
  /// which MLflow answers with 400 and exactly one message.
  Result<std::optional<Version>> by_alias(const std::string& model, const std::string& alias);
  /// The one version of `model` that belongs to the run. Errors (not_found): none, or several.
  Result<Version> of_run(const std::string& model, const std::string& run_id);
  /// A finished, active run as a subject. Errors (parse) say what is wrong with it: another status,
  /// deleted, without an end.
  Result<Subject> run(const std::string& run_id);
  /// Fills model_sha256 from the tags of version and run ("model.sha256"), which must agree.
  static Status bind(const Version& version, Subject& subject);
  /// Makes a metric unfit when its history holds several values that are not equal: MLflow shows
  /// the value of the greatest step, and a later evaluation at an earlier step stays hidden.
  Status check_history(const std::string& run_id,
                       const std::vector<std::string>& metrics,
                       Subject& subject);
  /// "sha256:..." of the run's artifact at `path`, of which `version` must have been made: a
  /// version may be registered with any source, whether it is there or not. Errors (limit): above 1
  /// GiB, which is held in memory.
  Result<std::string> artifact_digest(const Version& version, const std::string& path);
  /// predictions.csv of the run's artifacts; empty when there is none.
  Result<std::vector<Prediction>> predictions(const std::string& run_id);

  Status set_alias(const std::string& model, const std::string& alias, const std::string& version);
  Status tag(const Version& version, const std::string& key, const std::string& value);

 private:
  struct Reply {
    int status = 0;
    std::string body;
    bool is_json = false;
  };
  Result<Reply> ask(std::string_view method, const std::string& path, const std::string& body);
  Result<std::string> artifact(const std::string& run_id, const std::string& path);
  Result<yaml::Value> json(std::string_view method,
                           const std::string& path,
                           const std::string& body = {});
  [[nodiscard]] Error refusal(const Reply& reply, const std::string& path) const;

  const http::Client& client_;
  Server server_;
  Patience patience_;
  std::chrono::steady_clock::time_point end_;
};

/// What a promotion writes beside the alias.
struct Grounds {
  std::string policy;  ///< "sha256:..." of the policy
  std::string model;   ///< "sha256:..." of the model
};

/// Makes `candidate` what the alias stands for: looks again who is champion (it must still be
/// `champion`), writes what was decided as tags of the version, sets the alias, reads it back, and
/// tags the version that was replaced. MLflow keeps no history of aliases; these tags are one.
Status promote(Session& session,
               const Version& candidate,
               const std::optional<Version>& champion,
               const std::string& alias,
               const Grounds& grounds);

}  // namespace sluice::model::mlflow
