// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "argo/memory.hpp"
#include "argo/templater.hpp"
#include "delivery/unit.hpp"
#include "k8s/resource.hpp"
#include "yaml/value.hpp"

#include <map>
#include <span>
#include <string>
#include <vector>

/// What Argo CD makes of its Applications and ApplicationSets: delivery units, without a cluster.
///
/// Fields follow argoproj.io/v1alpha1 of Argo CD 3. A field that could change what is rendered and
/// that is not followed here makes its Application unrenderable, by name; the fields without effect
/// on the render are the tables of fields.cpp.
namespace sluice::argo {

/// A cluster that the `clusters` generator may choose, beside "in-cluster".
struct Cluster {
  std::string name;
  std::string server;
  std::map<std::string, std::string> labels;
  std::map<std::string, std::string> annotations;
};

/// What a generator that asks a server (scmProvider, pullRequest, plugin, clusterDecisionResource)
/// answered when somebody recorded it: the parameters of its ApplicationSet.
struct RecordedAnswer {
  std::string application_set;
  std::string generator;   ///< "pullRequest"
  std::size_t index = 0;   ///< among the set's generators of this kind, in the order written
  yaml::Value parameters;  ///< a sequence of mappings
};

struct RecordedAnswers {
  std::string file;  ///< of the repository; empty when there is none
  std::vector<RecordedAnswer> answers;
};

/// Reads a file of answers: a sequence of {applicationSet, generator, index, parameters}. Errors:
/// not_found, io, limit, usage (it lies outside of `root`), parse.
Result<RecordedAnswers> read_answers(const std::string& root, const std::string& file);

struct Options {
  std::string chain;              ///< what led to these objects: "root > apps"; empty at the start
  std::string branch;             ///< checked out: a targetRevision of that name needs no note
  std::vector<Cluster> clusters;  ///< an inventory; cluster Secrets among the objects are added
  RecordedAnswers answers;
  Memory* memory = nullptr;               ///< shared by several calls for one repository, or null
  const Templater* templater = nullptr;   ///< without one, Go templates beyond fields are reported
  std::size_t max_applications = 10'000;  ///< that one ApplicationSet may make
};

/// An Application or ApplicationSet of argoproj.io.
bool is_argo_object(const k8s::Resource& resource);

/// The units of the Applications and ApplicationSets among `objects`, in their order; other kinds
/// are left alone. What is wrong with an object is a finding (render/argo-invalid), and it has no
/// unit then; what cannot be rendered from this repository is in `unrenderable` with the reason.
///
/// An Application with several sources gives one unit for each that delivers objects, named
/// "app" or "app/2", "app/<source name>". Units of one Application share app, chain and defined_at.
delivery::Expansion expand(std::span<const k8s::Resource> objects,
                           const delivery::Repository& repository,
                           const Options& options);

}  // namespace sluice::argo
