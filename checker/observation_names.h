// How the enumerators of an Observation are written in JSON.
#pragma once

#include "checker/observation.h"
#include "net/smtp/point.h"
#include "net/tls/channel.h"
#include "net/transcript.h"

#include <array>
#include <cstddef>
#include <string_view>

namespace badmx::checker {

template <typename Enumerator>
struct Named {
  Enumerator value;
  std::string_view name;
};

inline constexpr std::array sources{Named<Source>{Source::live, "live"},
                                    Named<Source>{Source::transcript, "transcript"},
                                    Named<Source>{Source::pem, "pem"}};
inline const std::array probe_names = [] {
  std::array<Named<Probe>, all_probes.size()> named{};
  for (std::size_t i = 0; i < named.size(); ++i) {
    named[i] = {all_probes[i], name(all_probes[i])};
  }
  return named;
}();
inline constexpr std::array stops{Named<Stop>{Stop::finished, "finished"},
                                  Named<Stop>{Stop::refused, "refused"},
                                  Named<Stop>{Stop::not_offered, "not-offered"},
                                  Named<Stop>{Stop::closed, "closed"},
                                  Named<Stop>{Stop::reset, "reset"},
                                  Named<Stop>{Stop::timed_out, "timed-out"},
                                  Named<Stop>{Stop::unreachable, "unreachable"},
                                  Named<Stop>{Stop::alert, "alert"},
                                  Named<Stop>{Stop::tls_failed, "tls-failed"},
                                  Named<Stop>{Stop::not_tls, "not-tls"},
                                  Named<Stop>{Stop::limit_exceeded, "limit-exceeded"},
                                  Named<Stop>{Stop::malformed_reply, "malformed-reply"},
                                  Named<Stop>{Stop::unknown, "unknown"}};
inline constexpr std::array speakers{Named<net::Speaker>{net::Speaker::server, "server"},
                                     Named<net::Speaker>{net::Speaker::client, "client"}};
inline constexpr std::array layers{Named<net::Layer>{net::Layer::clear, "clear"},
                                   Named<net::Layer>{net::Layer::tls, "tls"}};
inline constexpr std::array directions{Named<tls::Direction>{tls::Direction::sent, "sent"},
                                       Named<tls::Direction>{tls::Direction::received, "received"}};

}  // namespace badmx::checker
