// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "argo/expand.hpp"
#include "cache/store.hpp"
#include "delivery/unit.hpp"
#include "proc/runner.hpp"
#include "render/model.hpp"
#include "render/programs.hpp"
#include "yaml/parse.hpp"

#include <memory>
#include <vector>

namespace sluice::render {

enum class Templates : std::uint8_t {
  run,
  leave
};  ///< whether Go templates are evaluated, which takes a helm

/// Argo CD's and Flux's ways to name more units, behind one door.
class Expanders {
 public:
  /// `store`: where answers of templates are kept, or null; they are the answers of one program.
  /// `known`: the clusters and recorded answers of sluice.yaml.
  Expanders(const delivery::Repository& repository,
            const proc::Runner& runner,
            const cache::Store* store,
            const Programs& programs,
            argo::Options known);
  ~Expanders();
  Expanders(const Expanders&) = delete;
  Expanders& operator=(const Expanders&) = delete;

  /// What the objects of a stream (in the form that render writes, for the provenance) expand to.
  [[nodiscard]] delivery::Expansion expand(const yaml::Stream& stream,
                                           const std::string& chain,
                                           Templates templates) const;
  /// The same of one of them alone. Argo CD's may be asked from several threads at once.
  [[nodiscard]] delivery::Expansion expand_argo(const yaml::Stream& stream,
                                                const std::string& chain,
                                                Templates templates) const;
  [[nodiscard]] delivery::Expansion expand_flux(const yaml::Stream& stream,
                                                const std::string& chain,
                                                Templates templates) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// Whether the text can hold an object that expands: a quick look before it is parsed again.
bool may_expand(const Delivery& delivery);

}  // namespace sluice::render
