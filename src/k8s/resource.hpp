// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "diag/finding.hpp"
#include "yaml/canonical.hpp"
#include "yaml/parse.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::k8s {

/// One object of a stream. Points into the stream, which must outlive it.
struct Resource {
  const yaml::Document* document = nullptr;
  const yaml::Node* object = nullptr;
  diag::ObjectRef ref;

  [[nodiscard]] std::string_view unit() const { return document->origin().unit; }
  [[nodiscard]] std::string_view env() const { return document->origin().env; }
  [[nodiscard]] std::string_view group() const;    ///< "apps"; empty for the core group
  [[nodiscard]] std::string_view version() const;  ///< "v1"
  /// "apps/v1/Deployment/prod/web"; the namespace is "-" when there is none.
  [[nodiscard]] std::string key() const;
};

/// The objects of a stream in order; kinds ending in "List" with items are expanded. A document
/// that is no object (no mapping, or without apiVersion, kind or name) becomes a finding
/// (meta/not-an-object, meta/missing-api-version, meta/missing-kind, meta/missing-name) and is left
/// out.
std::vector<Resource> resources(const yaml::Stream& stream, std::vector<diag::Finding>& findings);
/// The same of documents that lie in several streams, on up to `jobs` threads.
std::vector<Resource> resources(std::span<const yaml::Document* const> documents,
                                std::vector<diag::Finding>& findings,
                                unsigned jobs = 1);

/// A finding that points at `node` of `resource`, with everything but code, severity, message and
/// hint filled in.
diag::Finding finding_at(const Resource& resource, const yaml::Node& node);

/// The ledger row of a resource.
diag::LedgerRow ledger_row(const Resource& resource, std::string status);

}  // namespace sluice::k8s
