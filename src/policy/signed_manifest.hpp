// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/object.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// validate.manifests: an object must be as its signed manifest says, which stands with its
/// signatures in the object's own annotations. As Kyverno 1.19 has it, which asks sigstore's
/// k8s-manifest-sigstore; what needs a registry, a transparency log or a cluster gives no verdict.
namespace sluice::policy {

struct SignerSet;

/// One of those who may have signed.
struct Signer {
  std::string key;                                               ///< a public key as PEM
  std::vector<std::pair<std::string, std::string>> annotations;  ///< the object must have
  std::shared_ptr<const SignerSet> nested;                       ///< instead of a key
};

struct SignerSet {
  std::size_t count = 0;  ///< how many must have signed; 0: all
  std::vector<Signer> signers;
};

/// Fields in which the object may differ from its manifest.
struct IgnoredFields {
  struct Object {
    std::string group, version, kind, name, name_space;  ///< patterns; empty: any
  };
  std::vector<Object> objects;  ///< none: every object
  std::vector<std::string> fields;
};

struct SignedManifest {
  std::string domain;  ///< of the annotations: "cosign.sigstore.dev"
  std::vector<SignerSet> sets;
  std::vector<IgnoredFields> ignored;
  bool dry_run = false;  ///< a cluster would be asked what the manifest becomes there
};

class Loader;
std::shared_ptr<const SignedManifest> load_signed_manifest(Loader& loader, const Value& source);

struct SignatureVerdict {
  enum class Kind : std::uint8_t { verified, refused, error, unsupported };
  Kind kind = Kind::verified;
  std::string reason;
  std::string field;  ///< refused: what differs first, "spec.ports.0.port"; or empty
};

SignatureVerdict verify_signed(const SignedManifest& wanted, const Object& object);

/// Fields that differ in every cluster, by the two lists that Kyverno brings along.
const std::vector<IgnoredFields>& commonly_ignored();

/// The fields in which an object differs from its manifest, those ignored left out; of lists by
/// index, sorted. Nothing: there is too much to compare.
std::optional<std::vector<std::string>> differences(const Value& manifest,
                                                    const Object& object,
                                                    const std::vector<IgnoredFields>& ignored);

}  // namespace sluice::policy
