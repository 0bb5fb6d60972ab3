// SPDX-License-Identifier: Apache-2.0
#include "k8s/resource.hpp"

#include "base/in_parts.hpp"
#include "base/text.hpp"
#include "k8s/scope.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace sluice::k8s {
namespace {

using yaml::Document;
using yaml::Kind;
using yaml::Node;

std::string_view group_of(std::string_view api_version) {
  const auto slash = api_version.find('/');
  return slash == std::string_view::npos ? std::string_view{} : api_version.substr(0, slash);
}

/// (group, kind) of the custom kinds without a namespace that the stream itself defines.
using ClusterScoped = std::set<std::pair<std::string_view, std::string_view>>;

ClusterScoped cluster_scoped_customs(std::span<const Document* const> documents) {
  ClusterScoped kinds;
  for (const auto* document : documents) {
    const auto& root = document->root();
    if (document->text(root, {"kind"}) == "CustomResourceDefinition" &&
        document->text(root, {"spec", "scope"}) == "Cluster") {
      kinds.emplace(document->text(root, {"spec", "group"}),
                    document->text(root, {"spec", "names", "kind"}));
    }
  }
  return kinds;
}

void report(const Document& document,
            const Node& node,
            diag::ObjectRef ref,
            std::string code,
            std::string message,
            std::string hint,
            std::vector<diag::Finding>& findings) {
  diag::Finding finding{.code = std::move(code),
                        .message = std::move(message),
                        .hint = std::move(hint),
                        .object = std::move(ref)};
  document.locate(finding, node);
  findings.push_back(std::move(finding));
}

/// Reads identities; what a document lacks goes into `findings`.
class Collector {
 public:
  Collector(const ClusterScoped& customs, std::vector<diag::Finding>& findings)
      : customs_(customs), findings_(findings) {}

  void take(const Document& document, const Node& object, std::vector<Resource>& out) {
    if (object.kind != Kind::mapping) {
      return report(document, object, {}, "meta/not-an-object",
                    "this document is not a Kubernetes object but a plain value",
                    "an object is a mapping with apiVersion, kind and metadata", findings_);
    }
    const auto kind = document.text(object, {"kind"});
    // Charts give a v1 List a name, which kubectl passes over; a custom kind with a name may well
    // have items of its own.
    const bool plain_list = kind == "List" && document.text(object, {"apiVersion"}) == "v1";
    if (kind.ends_with("List") && document.find(object, "items") != nullptr &&
        (plain_list || document.text(object, {"metadata", "name"}).empty())) {
      return take_list(document, object, out);
    }
    auto ref = identity(document, object);
    if (!complete(document, object, ref)) {
      return;
    }
    out.push_back({&document, &object, std::move(ref)});
  }

 private:
  void take_list(const Document& document, const Node& list, std::vector<Resource>& out) {
    const auto& items = *document.find(list, "items");
    if (items.kind == Kind::null) {
      return;
    }
    if (items.kind != Kind::sequence) {
      return report(document, items, {}, "meta/not-an-object", "items of a List is not a list", {},
                    findings_);
    }
    for (const auto& item : document.children(items)) {
      take(document, item, out);
    }
  }

  diag::ObjectRef identity(const Document& document, const Node& object) const {
    diag::ObjectRef ref{.api_version = std::string(document.text(object, {"apiVersion"})),
                        .kind = std::string(document.text(object, {"kind"})),
                        .name_space = std::string(document.text(object, {"metadata", "namespace"})),
                        .name = std::string(document.text(object, {"metadata", "name"}))};
    if (ref.name.empty()) {
      const auto generated = document.text(object, {"metadata", "generateName"});
      ref.name = generated.empty() ? "" : std::string(generated) + '*';
    }
    const auto group = group_of(ref.api_version);
    if (is_cluster_scoped(group, ref.kind) || customs_.contains({group, ref.kind})) {
      ref.name_space.clear();
    } else if (ref.name_space.empty()) {
      ref.name_space = document.origin().name_space;
    }
    return ref;
  }

  bool complete(const Document& document, const Node& object, const diag::ObjectRef& ref) {
    const auto missing = [&](std::string code, std::string_view field, std::string hint) {
      const auto* given = document.find(object, field);
      report(document, given == nullptr ? object : *given, ref, std::move(code),
             given == nullptr ? std::string(field) + " is missing"
                              : std::string(field) + " is not text",
             std::move(hint), findings_);
      return false;
    };
    if (ref.api_version.empty()) {
      return missing("meta/missing-api-version", "apiVersion",
                     "every object begins with apiVersion and kind");
    }
    if (ref.kind.empty()) {
      return missing("meta/missing-kind", "kind", "every object begins with apiVersion and kind");
    }
    if (ref.name.empty()) {
      const auto* metadata = document.find(object, "metadata");
      report(document, metadata == nullptr ? object : *metadata, ref, "meta/missing-name",
             "metadata.name is missing", "name the object, or give metadata.generateName",
             findings_);
      return false;
    }
    return true;
  }

  const ClusterScoped& customs_;
  std::vector<diag::Finding>& findings_;
};

}  // namespace

std::string_view Resource::group() const {
  return group_of(ref.api_version);
}

std::string_view Resource::version() const {
  const auto slash = ref.api_version.find('/');
  return slash == std::string::npos ? std::string_view(ref.api_version)
                                    : std::string_view(ref.api_version).substr(slash + 1);
}

std::string Resource::key() const {
  return ref.api_version + '/' + ref.kind + '/' + (ref.name_space.empty() ? "-" : ref.name_space) +
         '/' + ref.name;
}

std::vector<Resource> resources(std::span<const Document* const> documents,
                                std::vector<diag::Finding>& findings,
                                unsigned jobs) {
  constexpr std::size_t worth_a_thread = 1000;  // documents
  const auto parts = std::clamp<std::size_t>(documents.size() / worth_a_thread, 1, jobs);
  struct Part {
    ClusterScoped customs;
    std::vector<Resource> resources;
    std::vector<diag::Finding> findings;
  };
  std::vector<Part> done(parts);
  in_parts(documents.size(), parts, [&](std::size_t part, std::size_t begin, std::size_t end) {
    done[part].customs = cluster_scoped_customs(documents.subspan(begin, end - begin));
  });
  ClusterScoped customs;
  for (auto& part : done) {
    customs.merge(part.customs);
  }
  in_parts(documents.size(), parts, [&](std::size_t part, std::size_t begin, std::size_t end) {
    auto& [unused, resources, found] = done[part];
    resources.reserve(part == 0 ? documents.size() : end - begin);
    Collector collector(customs, found);
    for (const auto* document : documents.subspan(begin, end - begin)) {
      collector.take(*document, document->root(), resources);
    }
  });
  auto out = std::move(done.front().resources);
  for (auto& part : done) {
    if (&part != &done.front()) {
      std::ranges::move(part.resources, std::back_inserter(out));
    }
    std::ranges::move(part.findings, std::back_inserter(findings));
  }
  return out;
}

std::vector<Resource> resources(const yaml::Stream& stream, std::vector<diag::Finding>& findings) {
  std::vector<const Document*> documents;
  documents.reserve(stream.documents.size());
  for (const auto& document : stream.documents) {
    documents.push_back(&document);
  }
  return resources(documents, findings);
}

diag::Finding finding_at(const Resource& resource, const yaml::Node& node) {
  diag::Finding finding{.object = resource.ref};
  resource.document->locate(finding, node);
  return finding;
}

diag::LedgerRow ledger_row(const Resource& resource, std::string status) {
  return {.env = std::string(resource.env()),
          .unit = std::string(resource.unit()),
          .object = resource.key(),
          .digest = hex(yaml::digest(*resource.document, *resource.object)),
          .status = std::move(status)};
}

}  // namespace sluice::k8s
