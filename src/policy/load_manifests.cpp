// SPDX-License-Identifier: Apache-2.0
#include "policy/load.hpp"
#include "policy/signed_manifest.hpp"

#include <array>

namespace sluice::policy {

namespace {

using std::string_view;

constexpr int deepest_set = 20;
constexpr string_view key_begin = "-----BEGIN PUBLIC KEY-----";
constexpr string_view key_end = "-----END PUBLIC KEY-----";

class ManifestLoader {
 public:
  explicit ManifestLoader(Loader& loader) : loader_(loader) {}

  SignedManifest load(const Value& source) {
    constexpr std::array<string_view, 5> keys = {"attestors", "annotationDomain", "ignoreFields",
                                                 "dryRun", "repository"};
    SignedManifest made;
    if (!loader_.known_keys(source, "manifests", keys)) {
      return made;
    }
    made.domain = loader_.string(source, "annotationDomain", "annotationDomain");
    if (made.domain.empty()) {
      made.domain = "cosign.sigstore.dev";
    }
    const Value dry_run = source.get({"dryRun", "enable"});
    made.dry_run = dry_run.is(Type::boolean) && dry_run.as_boolean();
    if (!loader_.string(source, "repository", "repository").empty()) {
      loader_.unsupported(source.get({"repository"}), "validate.manifests.repository");
    }
    const Value sets = source.get({"attestors"});
    if (!sets.is(Type::array) || sets.size() == 0) {
      loader_.invalid(source, "manifests needs attestors");
    }
    for (std::size_t i = 0; i < sets.size(); ++i) {
      made.sets.push_back(set(sets.at(i), 0));
    }
    const Value ignored = source.get({"ignoreFields"});
    for (std::size_t i = 0; i < ignored.size(); ++i) {
      made.ignored.push_back(ignore(ignored.at(i)));
    }
    return made;
  }

 private:
  SignerSet set(const Value& source, int depth) {
    constexpr std::array<string_view, 2> keys = {"count", "entries"};
    SignerSet made;
    if (depth > deepest_set) {
      loader_.invalid(source, "attestors are nested too deep");
      return made;
    }
    if (!loader_.known_keys(source, "attestors", keys)) {
      return made;
    }
    const Value count = source.get({"count"});
    if (count.is(Type::number)) {
      made.count = count.as_number() > 0 ? static_cast<std::size_t>(count.as_number()) : 0;
    }
    const Value entries = source.get({"entries"});
    for (std::size_t i = 0; i < entries.size(); ++i) {
      add_signer(entries.at(i), depth, made);
    }
    return made;
  }

  void add_signer(const Value& source, int depth, SignerSet& out) {
    constexpr std::array<string_view, 7> keys = {
        "keys",        "certificates", "keyless",           "attestor",
        "annotations", "repository",   "signatureAlgorithm"};
    if (!loader_.known_keys(source, "an attestor", keys)) {
      return;
    }
    Signer made;
    const Value annotations = source.get({"annotations"});
    for (std::size_t i = 0; i < annotations.size(); ++i) {
      made.annotations.emplace_back(annotations.key_at(i), go_text(annotations.member_at(i)));
    }
    for (const string_view sort : {"certificates", "keyless", "repository"}) {
      if (present(source, sort)) {
        loader_.unsupported(source.get({sort}), "validate.manifests with " + std::string(sort));
        return;
      }
    }
    if (present(source, "attestor")) {
      made.nested = std::make_shared<const SignerSet>(set(source.get({"attestor"}), depth + 1));
      out.signers.push_back(std::move(made));
      return;
    }
    const string_view text = source.text({"keys", "publicKeys"});
    if (!text.starts_with(key_begin)) {
      loader_.unsupported(source, "validate.manifests with keys that are not in the policy");
      return;
    }
    // Each of several keys is a signer of its own, and counts as one. Kyverno takes a key that a
    // line feed comes before, which the second one is, for the name of a file: nobody can have
    // signed with it.
    string_view rest = text;
    for (auto end = rest.find(key_end); end != string_view::npos; end = rest.find(key_end)) {
      const bool readable = rest.starts_with(key_begin);
      made.key = readable ? rest.substr(0, end + key_end.size()) : string_view();
      out.signers.push_back(made);
      rest.remove_prefix(end + key_end.size());
    }
    if (out.signers.empty()) {
      loader_.invalid(source, "the public key has no end");
    }
  }

  IgnoredFields ignore(const Value& source) {
    constexpr std::array<string_view, 2> keys = {"fields", "objects"};
    IgnoredFields made;
    if (!loader_.known_keys(source, "ignoreFields", keys)) {
      return made;
    }
    made.fields = loader_.strings(source, "fields", "fields");
    const Value objects = source.get({"objects"});
    for (std::size_t i = 0; i < objects.size(); ++i) {
      const Value object = objects.at(i);
      made.objects.push_back({.group = loader_.string(object, "group", "group"),
                              .version = loader_.string(object, "version", "version"),
                              .kind = loader_.string(object, "kind", "kind"),
                              .name = loader_.string(object, "name", "name"),
                              .name_space = loader_.string(object, "namespace", "namespace")});
    }
    return made;
  }

  Loader& loader_;
};

}  // namespace

std::shared_ptr<const SignedManifest> load_signed_manifest(Loader& loader, const Value& source) {
  return std::make_shared<const SignedManifest>(ManifestLoader(loader).load(source));
}

}  // namespace sluice::policy
