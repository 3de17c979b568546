// `badmx routes`: what a gateway must be told so that the lab's domains lead to the fake servers.
#include "cli/addresses.h"
#include "cli/choice.h"
#include "cli/gateway.h"
#include "cli/lab.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "fixtures/scenario/build.h"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <vector>

namespace badmx::cli {
namespace {

struct Route {
  std::string scenario{};
  std::string domain{};   // of the recipients
  std::string host{};     // the MX
  std::string address{};  // numeric
  int port = 25;
};

// One line of each format; `head` stands before all.
struct Format {
  std::string_view name;
  std::string_view head;
  std::string (*line)(const Route& route);
};

std::string postfix(const Route& r) {
  return fmt::format("{} smtp:[{}]:{}\n", r.domain, r.address, r.port);
}
std::string exim(const Route& r) {
  return fmt::format("{}: {}::{}\n", r.domain, r.address, r.port);
}
std::string opensmtpd(const Route& r) {
  return fmt::format(
      "action \"{0}\" relay host smtp://{2}:{3}\nmatch from any for domain \"{1}\" "
      "action \"{0}\"\n",
      r.scenario, r.domain, r.address, r.port);
}
std::string sendmail(const Route& r) {
  return fmt::format("{}\trelay:[{}]\n", r.domain, r.address);
}
std::string haraka(const Route& r) {
  return fmt::format("[{}]\nhost={}\nport={}\n", r.domain, r.address, r.port);
}
std::string hosts(const Route& r) { return fmt::format("{} {}\n", r.address, r.host); }
std::string csv(const Route& r) {
  return fmt::format("{},{},{},{},{}\n", r.scenario, r.domain, r.host, r.address, r.port);
}
std::string dnsmasq(const Route& r) {
  return fmt::format("mx-host={0},{1},10\nhost-record={1},{2}\n", r.domain, r.host, r.address);
}
std::string bind_zone(const Route& r) {
  const std::string_view type = r.address.find(':') == std::string::npos ? "A" : "AAAA";
  return fmt::format("{}. IN MX 10 {}.\n{}. IN {} {}\n", r.domain, r.host, r.host, type, r.address);
}

constexpr std::array formats{
    Format{"postfix", "# transport_maps = texthash:FILE\n", postfix},
    Format{"exim", "# route_data = ${lookup{$domain}lsearch{FILE}}\n", exim},
    Format{"opensmtpd", "# smtpd.conf\n", opensmtpd},
    Format{"sendmail", "# mailertable; another port than 25 is set in RELAY_MAILER_ARGS\n",
           sendmail},
    Format{"haraka", "; smtp_forward.ini\n", haraka},
    Format{"hosts", "# /etc/hosts\n", hosts},
    Format{"csv", "scenario,domain,host,address,port\n", csv},
    Format{"dnsmasq", "# dnsmasq.conf; mail goes to port 25\n", dnsmasq},
    Format{"bind-zone", "; mail goes to port 25\n$TTL 60\n", bind_zone},
};

const Format& wanted_format(const std::string& name) {
  std::vector<std::string_view> names;
  for (const Format& format : formats) names.push_back(format.name);
  return formats.at(chosen_place("--format", name, names));
}

}  // namespace

int run_routes(const RoutesOptions& options) {
  const Format& format = wanted_format(options.format);
  const Lab lab = open_lab(options.lab);
  LabOptions choice = options.lab;
  choice.all = choice.names.empty();
  auto servers = chosen(lab, choice);
  const auto places =
      gateway_places({.listen = options.listen,
                      .port = options.port,
                      .base_port = options.base_port,
                      .turns = options.in_turn ? Turns::one_by_one : Turns::together},
                     servers.size());
  if (places.size() > servers.size()) {
    servers.push_back(lab.catalogue.get("healthy"));
    servers.back().id = return_scenario;
  }
  std::string text(format.head);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const certgen::NamingContext place = place_in(lab, servers[i]);
    text += format.line({.scenario = servers[i].id,
                         .domain = place.domain,
                         .host = place.host,
                         .address = places[i].address,
                         .port = places[i].port});
  }
  print(text);
  return exit_fine;
}

}  // namespace badmx::cli
