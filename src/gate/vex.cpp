// SPDX-License-Identifier: Apache-2.0
#include "gate/vex.hpp"

#include "base/text.hpp"
#include "base/time.hpp"
#include "gate/formats.hpp"
#include "image/reference.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace sluice::gate {
namespace {

using yaml::Value;

/// "pkg:deb/debian/zlib@1.2?arch=amd64" in its parts.
struct Purl {
  std::string_view name, version, qualifiers;
};

Purl parts_of(std::string_view purl) {
  purl = purl.substr(0, purl.find('#'));
  const std::size_t question = purl.find('?');
  Purl out{.name = purl.substr(0, question)};
  out.qualifiers = question == std::string_view::npos ? "" : purl.substr(question + 1);
  const std::size_t at = out.name.rfind('@');
  if (at != std::string_view::npos && out.name.find('/', at) == std::string_view::npos) {
    out.version = out.name.substr(at + 1);
    out.name = out.name.substr(0, at);
  }
  return out;
}

bool is_product(std::string_view stated, std::string_view found) {
  const Purl wanted = parts_of(stated);
  const Purl actual = parts_of(found);
  if (found.empty() || wanted.name != actual.name ||
      (!wanted.version.empty() && wanted.version != actual.version)) {
    return false;
  }
  const std::vector<std::string_view> there = text::split(actual.qualifiers, '&');
  return std::ranges::all_of(text::split(wanted.qualifiers, '&'), [&](std::string_view one) {
    return one.empty() || std::ranges::find(there, one) != there.end();
  });
}

/// The digest of "pkg:oci/iris@sha256%3A..."; empty when it is no such URL.
std::string image_of(std::string_view purl) {
  if (!purl.starts_with("pkg:oci/")) {
    return {};
  }
  std::string version(parts_of(purl).version);
  version = text::replace_all(std::move(version), "%3A", ":");
  version = text::replace_all(std::move(version), "%3a", ":");
  return image::is_digest(version) ? version : "";
}

class OpenVexReader {
 public:
  Result<Vex> run(const Value& root) {
    const std::string_view context = root.text_at({"@context"});
    if (context != "https://openvex.dev/ns/v0.2.0") {
      return refused("changed schema: @context is " + text::quoted(context, 80) +
                     ", and OpenVEX 0.2.0 is known");
    }
    const Value* const statements = root.find("statements");
    if (statements == nullptr || statements->kind != yaml::Kind::sequence) {
      return refused("null results: an OpenVEX document without statements");
    }
    vex_.created = std::max(root.text_at({"timestamp"}), root.text_at({"last_updated"}));
    for (const Value& one : statements->items) {
      SLUICE_TRY(statement(one));
    }
    return std::move(vex_);
  }

 private:
  Status statement(const Value& value) {
    constexpr std::array<std::string_view, 4> known = {"not_affected", "affected", "fixed",
                                                       "under_investigation"};
    const std::string_view status = value.text_at({"status"});
    if (std::ranges::find(known, status) == known.end()) {
      return refused("changed schema: no status is called " + text::quoted(status, 40));
    }
    VexStatement out{.when = std::string(value.text_at({"timestamp"})),
                     .is_free = status == "not_affected" || status == "fixed"};
    out.when = out.when.empty() ? vex_.created : out.when;
    if (!time::parse(out.when)) {
      return refused("wrong file: a statement of an OpenVEX document has no time");
    }
    out.why = value.text_at({"justification"});
    out.why = out.why.empty() ? value.text_at({"impact_statement"}) : out.why;
    if (status == "not_affected" && out.why.empty()) {
      return refused("wrong file: not_affected needs a justification or an impact_statement");
    }
    out.why = status == "fixed" ? "fixed" : out.why;
    ids(value, out);
    if (out.ids.empty()) {
      return refused("wrong file: a statement names no vulnerability");
    }
    products(value, out);
    return ok;
  }

  static void ids(const Value& value, VexStatement& out) {
    if (const auto name = value.text_at({"vulnerability", "name"}); !name.empty()) {
      out.ids.emplace_back(name);
    }
    if (const Value* const aliases = value.find({"vulnerability", "aliases"})) {
      for (const Value& alias : aliases->items) {
        out.ids.push_back(alias.text);
      }
    }
  }

  static std::string purl_of(const Value& product) {
    const std::string_view id = product.text_at({"@id"});
    return std::string(id.starts_with("pkg:") ? id : product.text_at({"identifiers", "purl"}));
  }

  void products(const Value& value, VexStatement& out) {
    const Value* const products = value.find("products");
    for (std::size_t i = 0; products != nullptr && i < products->items.size(); ++i) {
      const Value& product = products->items[i];
      const std::string purl = purl_of(product);
      const Value* const parts = product.find("subcomponents");
      out.image = image_of(purl);
      out.product = out.image.empty() ? purl : "";
      if (parts == nullptr || parts->items.empty()) {
        vex_.statements.push_back(out);
        continue;
      }
      // Of another product than an image it is not known whether the finding is in it.
      for (const Value& part : parts->items) {
        out.product = out.image.empty() ? "" : purl_of(part);
        vex_.statements.push_back(out);
      }
    }
  }

  Vex vex_;
};

class CycloneReader {
 public:
  Result<Vex> run(const Value& root) {
    const std::string_view version = root.text_at({"specVersion"});
    if (version != "1.4" && version != "1.5" && version != "1.6") {
      return refused("changed schema: specVersion is " + text::quoted(version, 40) +
                     ", and CycloneDX 1.4 to 1.6 are known");
    }
    const Value* const entries = root.find("vulnerabilities");
    if (entries == nullptr || entries->kind != yaml::Kind::sequence) {
      return refused("null results: a CycloneDX file without vulnerabilities says nothing of them");
    }
    vex_.created = root.text_at({"metadata", "timestamp"});
    if (const Value* const components = root.find("components")) {
      for (const Value& component : components->items) {
        purls_[std::string(component.text_at({"bom-ref"}))] = component.text_at({"purl"});
      }
    }
    for (const Value& one : entries->items) {
      SLUICE_TRY(entry(one));
    }
    return std::move(vex_);
  }

 private:
  Status entry(const Value& value) {
    constexpr std::array<std::string_view, 6> known = {"exploitable",  "in_triage",
                                                       "not_affected", "false_positive",
                                                       "resolved",     "resolved_with_pedigree"};
    const std::string_view state = value.text_at({"analysis", "state"});
    if (state.empty()) {
      return ok;  // a finding, and no word about it
    }
    const auto place = std::ranges::find(known, state);
    if (place == known.end()) {
      return refused("changed schema: no state is called " + text::quoted(state, 40));
    }
    VexStatement out{.ids = {std::string(value.text_at({"id"}))},
                     .when = std::string(value.text_at({"updated"})),
                     .is_free = place >= known.begin() + 2};
    out.when = out.when.empty() ? vex_.created : out.when;
    out.why = value.text_at({"analysis", "justification"});
    out.why = out.why.empty() ? value.text_at({"analysis", "detail"}) : out.why;
    if (state == "not_affected" && out.why.empty()) {
      return refused("wrong file: not_affected needs a justification or a detail");
    }
    out.why = out.why.empty() ? std::string(state) : out.why;
    if (!time::parse(out.when) || out.ids.front().empty()) {
      return refused("wrong file: a vulnerability with an analysis has no id or no time");
    }
    const Value* const affects = value.find("affects");
    for (std::size_t i = 0; affects != nullptr && i < affects->items.size(); ++i) {
      out.product = purl_of(affects->items[i].text_at({"ref"}));
      vex_.statements.push_back(out);
    }
    return ok;
  }

  /// Of a bom-ref: the component's, of a BOM-Link ("urn:cdx:...#pkg:...") what stands behind '#'.
  [[nodiscard]] std::string purl_of(std::string_view ref) const {
    if (const auto found = purls_.find(std::string(ref)); found != purls_.end()) {
      return found->second;
    }
    if (const std::size_t hash = ref.find('#'); ref.starts_with("urn:cdx:")) {
      ref = hash == std::string_view::npos ? "" : ref.substr(hash + 1);
    }
    return std::string(ref.starts_with("pkg:") ? ref : "");
  }

  Vex vex_;
  std::map<std::string, std::string> purls_;
};

}  // namespace

Result<Vex> read_vex(std::string_view bytes) {
  Value root;
  SLUICE_TRY_ASSIGN(root, read_json_value(bytes));
  if (root.find("@context") != nullptr) {
    return OpenVexReader().run(root);
  }
  if (root.text_at({"bomFormat"}) == "CycloneDX") {
    return CycloneReader().run(root);
  }
  return refused("wrong file: no VEX, which is OpenVEX (@context) or CycloneDX (bomFormat)");
}

const VexStatement* set_aside_by(const Vex& vex, const Finding& finding, std::string_view image) {
  const VexStatement* newest = nullptr;
  for (const VexStatement& one : vex.statements) {
    const bool is_about = std::ranges::any_of(one.ids, [&](const std::string& id) {
      return id == finding.id || std::ranges::find(finding.aliases, id) != finding.aliases.end();
    });
    const bool is_here = one.image.empty() ? !one.product.empty() : one.image == image;
    if (is_about && is_here && (one.product.empty() || is_product(one.product, finding.purl))) {
      const auto when = time::parse(one.when);
      if (newest == nullptr || when >= time::parse(newest->when)) {
        newest = &one;
      }
    }
  }
  return newest != nullptr && newest->is_free ? newest : nullptr;
}

}  // namespace sluice::gate
