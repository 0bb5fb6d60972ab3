// SPDX-License-Identifier: Apache-2.0
#include "base/base64.hpp"
#include "policy/check.hpp"
#include "policy/files.hpp"
#include "policy/signature.hpp"
#include "policy/signed_manifest.hpp"
#include "policy/unpack.hpp"

#include <algorithm>

namespace sluice::policy {

namespace {

using Kind = SignatureVerdict::Kind;

SignatureVerdict unreadable(const Error& error) {
  const bool unsupported = error.kind == Error::Kind::unsupported;
  return {unsupported ? Kind::unsupported : Kind::error, error.message, ""};
}

/// The documents of a message: YAML, or the YAML files of a packed archive, in the order of their
/// names.
Result<std::vector<Manifests>> documents_of(const std::string& message) {
  std::vector<Manifests> all;
  const auto add = [&](std::string bytes) -> Status {
    Manifests parsed;
    SLUICE_TRY_ASSIGN(parsed, parse_manifests(std::move(bytes), "the signed manifest"));
    all.push_back(std::move(parsed));
    return ok;
  };
  if (!is_gzip(message)) {
    SLUICE_TRY(add(message));
    return all;
  }
  std::string archive;
  SLUICE_TRY_ASSIGN(archive, gunzip(message));
  std::map<std::string, std::string> files;
  SLUICE_TRY_ASSIGN(files, untar(archive));
  for (auto& [name, bytes] : files) {
    const bool yaml =
        name.ends_with(".yaml") || name.ends_with(".yml") || name.ends_with(".signed");
    if (yaml && !name.starts_with("..")) {
      SLUICE_TRY(add(std::move(bytes)));
    }
  }
  return all;
}

std::string_view group_of(const Value& manifest) {
  const auto version = manifest.text({"apiVersion"});
  const auto slash = version.find('/');
  return slash == std::string_view::npos ? std::string_view() : version.substr(0, slash);
}

/// Whether the manifests of a message describe an object.
class Comparison {
 public:
  Comparison(const SignedManifest& wanted, const Object& object)
      : wanted_(wanted), object_(object) {}

  SignatureVerdict run(const std::string& message) {
    const auto documents = documents_of(message);
    if (!documents) {
      return unreadable(documents.error());
    }
    std::vector<Value> same_kind;
    for (const auto& stream : *documents) {
      for_each_object(*stream, [&](const Value& manifest) {
        if (manifest.text({"kind"}) == object_.kind) {
          same_kind.push_back(manifest);
        }
      });
    }
    if (same_kind.empty()) {
      return {Kind::refused, "there is no " + std::string(object_.kind) + " in the signed manifest",
              ""};
    }
    // One of its name, or else any that it does not differ from.
    if (const auto own = of_its_name(same_kind)) {
      return compare({*own});
    }
    return compare(same_kind);
  }

 private:
  [[nodiscard]] std::optional<Value> of_its_name(const std::vector<Value>& all) const {
    std::optional<Value> found;
    for (const auto& manifest : all) {
      const bool named =
          group_of(manifest) == object_.group &&
          manifest.text({"metadata", "name"}) == object_.value.text({"metadata", "name"});
      const bool placed =
          manifest.text({"metadata", "namespace"}) == object_.value.text({"metadata", "namespace"});
      if (named && placed) {
        return manifest;
      }
      found = named && !found ? manifest : found;
    }
    return found;
  }

  SignatureVerdict compare(const std::vector<Value>& manifests) const {
    auto ignored = commonly_ignored();
    ignored.insert(ignored.end(), wanted_.ignored.begin(), wanted_.ignored.end());
    const std::string annotations = "metadata.annotations." + wanted_.domain + "/";
    ignored.push_back(
        {{},
         {annotations + "message*", annotations + "signature*", annotations + "certificate*",
          annotations + "bundle*", annotations + "resourceBundleRef*"}});
    std::vector<std::string> first;
    for (const auto& manifest : manifests) {
      auto differing = differences(manifest, object_, ignored);
      if (!differing) {
        return {Kind::unsupported, "objects as large as this one", ""};
      }
      if (differing->empty()) {
        return {};
      }
      first = first.empty() ? std::move(*differing) : first;
    }
    if (wanted_.dry_run) {
      return {Kind::unsupported, "a dry run, for which a cluster is needed,", ""};
    }
    return {Kind::refused,
            "the object is not as it was signed: " + first.front() + " differs" +
                (first.size() > 1 ? ", and " + std::to_string(first.size() - 1) + " more" : ""),
            first.front()};
  }

  const SignedManifest& wanted_;
  const Object& object_;
};

class Verifier {
 public:
  Verifier(const SignedManifest& wanted, const Object& object)
      : wanted_(wanted),
        object_(object),
        annotations_(object.value.get({"metadata", "annotations"})) {}

  SignatureVerdict run() {
    for (const auto& set : wanted_.sets) {
      if (auto verdict = verify(set); verdict.kind != Kind::verified) {
        return verdict;
      }
    }
    return {};
  }

 private:
  /// Enough of the set have signed; else an error if any of them ended in one, or why the first
  /// refused.
  SignatureVerdict verify(const SignerSet& set) {
    const std::size_t wanted = set.count == 0 ? set.signers.size() : set.count;
    std::size_t verified = 0;
    SignatureVerdict worst{Kind::refused, "nobody may sign", ""};
    bool first = true;
    for (const auto& signer : set.signers) {
      auto verdict = signer.nested ? verify(*signer.nested) : verify(signer);
      if (verdict.kind == Kind::verified) {
        if (++verified >= wanted) {
          return {};
        }
      } else if (first || verdict.kind > worst.kind) {
        first = false;
        worst = std::move(verdict);
      }
    }
    if (first && verified > 0) {
      worst.reason = "fewer have signed than must";
    }
    return worst;
  }

  SignatureVerdict verify(const Signer& signer) {
    for (const auto& [key, value] : signer.annotations) {
      const auto found = annotations_.find(key);
      if ((found ? go_text(*found) : "") != value) {
        return {Kind::error, "the annotation " + key + " is not \"" + value + "\"", ""};
      }
    }
    if (annotation("resourceBundleRef") || annotation("bundle") || annotation("certificate")) {
      return {Kind::unsupported, "a signature in a registry or in a log", ""};
    }
    const auto packed = annotation("message");
    if (!packed) {
      return {Kind::refused, "the object is not signed", ""};
    }
    const auto message = unpacked(*packed);
    if (!message) {
      return unreadable(message.error());
    }
    if (!compared_) {
      compared_ = Comparison(wanted_, object_).run(*message);
    }
    if (compared_->kind == Kind::error || compared_->kind == Kind::unsupported ||
        (compared_->kind == Kind::refused && compared_->field.empty())) {
      return *compared_;
    }
    if (!annotation("signature")) {
      return {Kind::refused, "the object is not signed", ""};
    }
    const auto key = PublicKey::from_pem(signer.key);
    if (!key) {
      return unreadable(key.error());
    }
    if (!is_signed_by(*key, *message)) {
      return {Kind::error, "no signature of the object is by the key", ""};
    }
    return *compared_;
  }

  [[nodiscard]] std::optional<std::string_view> annotation(const std::string& name) const {
    const auto found = annotations_.find(wanted_.domain + "/" + name);
    return found && found->is(Type::string) ? std::optional(found->as_string()) : std::nullopt;
  }

  /// "signature", "signature_1", "signature_2" and so on.
  [[nodiscard]] bool is_signed_by(const PublicKey& key, const std::string& message) const {
    for (std::size_t i = 0; i <= annotations_.size(); ++i) {
      const auto text = annotation(i == 0 ? "signature" : "signature_" + std::to_string(i));
      if (!text) {
        return false;
      }
      const auto bytes = base64_decode(*text);
      if (bytes && key.verifies(message, *bytes)) {
        return true;
      }
    }
    return false;
  }

  /// What is signed: the message, unpacked once if it is packed.
  static Result<std::string> unpacked(std::string_view message) {
    const auto bytes = base64_decode(message);
    if (!bytes) {
      return Error{Error::Kind::parse, "the annotation with the manifest is not base64"};
    }
    if (!is_gzip(*bytes)) {
      return *bytes;
    }
    auto whole = gunzip(*bytes);
    return !whole && whole.error().kind == Error::Kind::parse ? Result<std::string>(*bytes) : whole;
  }

  const SignedManifest& wanted_;
  const Object& object_;
  Value annotations_;
  std::optional<SignatureVerdict> compared_;
};

}  // namespace

SignatureVerdict verify_signed(const SignedManifest& wanted, const Object& object) {
  return Verifier(wanted, object).run();
}

RuleResult Checker::manifests(const Check& check) {
  const Value dry_run = context().get("request").get({"dryRun"});
  if (dry_run.is(Type::boolean) && dry_run.as_boolean()) {
    return ended(RuleStatus::pass, "allowed because of DryRun request");
  }
  const auto verdict = verify_signed(*check.manifests, request_.object);
  switch (verdict.kind) {
    case Kind::verified:
      return ended(RuleStatus::pass, "verified manifest signatures");
    case Kind::error:
      return ended(RuleStatus::error,
                   "error occurred during manifest verification: " + verdict.reason);
    case Kind::unsupported:
      return ended(RuleStatus::no_verdict,
                   "validate.manifests: " + verdict.reason + " is not supported");
    case Kind::refused:
      break;
  }
  return failed(verdict.reason, nullptr);
}

}  // namespace sluice::policy
