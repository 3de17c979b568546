// The results of `badmx gateway` as one self-contained page: each cell opens what was seen on the
// wire and what the sender logged. Everything from a peer is escaped.
#include "checker/report/html.h"
#include "cli/gateway.h"

#include <fmt/format.h>

namespace badmx::cli {
namespace {

using checker::html_lines;
using checker::html_text;
using fixtures::GatewayCell;

constexpr std::string_view html_head = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>badmx: gateways under test</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body{font:15px/1.45 system-ui,sans-serif;margin:2rem;max-width:75rem;color:#1c1c1c;background:#fff}
table{border-collapse:collapse;margin:1rem 0}th,td{border:1px solid #bbb;padding:.25rem .5rem;
text-align:left;vertical-align:top}th{background:#f0f0f0;cursor:pointer}
.wrong{background:#ffd9d6}.note{background:#fff3cd}.none{color:#777}
details pre{white-space:pre-wrap;max-width:45rem;font-size:12px;margin:.3rem 0}
summary{cursor:pointer}@media print{details{display:inline}th{cursor:auto}}
</style></head><body>
<h1>Gateways on trial</h1>
<p>Each sender delivered one message to each faulty server. What happened is told by the server's own
record: <b>TLS</b> delivered under TLS, <b>clear</b> delivered in cleartext,
<b>would</b> said that it would, <b>-</b> refused,
<b>none</b> no connection. Red: not what the mode's policy demands.</p>
)";

// Sorts a table by a column, the second click the other way round.
constexpr std::string_view tail = R"(<script>
document.querySelectorAll('th').forEach(function(th){th.addEventListener('click',function(){
var table=th.closest('table'),at=[].indexOf.call(th.parentNode.children,th),down=th.dataset.down==='1';
th.dataset.down=down?'':'1';[].slice.call(table.tBodies[0].rows).sort(function(a,b){
var x=a.cells[at].dataset.key,y=b.cells[at].dataset.key;return (x<y?-1:x>y?1:0)*(down?-1:1);
}).forEach(function(row){table.tBodies[0].appendChild(row);});});});
</script></body></html>
)";

std::string connection(const server::ConnectionRecord& record) {
  std::string text = fmt::format("connection {}: ", record.number);
  text += record.tls_version.empty() ? std::string("no TLS")
                                     : fmt::format("{} {}", record.tls_version, record.cipher);
  text += fmt::format(", ended: {}\n", server::name(record.end));
  for (const server::CommandRecord& command : record.commands) {
    text += fmt::format("{} {}\n    {}\n", command.layer == net::Layer::tls ? "*" : " ",
                        command.line, command.answer);
  }
  for (const tls::AlertSeen& alert : record.alerts) {
    text +=
        fmt::format("  alert {} {}\n",
                    alert.direction == tls::Direction::sent ? "sent" : "received", alert.number);
  }
  return text;
}

std::string cell_html(const GatewayCell& cell) {
  const bool wrong = fixtures::is_wrong(cell.mark);
  const bool note = cell.mark == fixtures::GatewayMark::stricter;
  std::string text =
      fmt::format("<td class=\"{}\" data-key=\"{}\"><details><summary>{}</summary><p>{}: {}</p>",
                  wrong  ? "wrong"
                  : note ? "note"
                         : "",
                  fixtures::name(cell.outcome), short_word(cell.outcome),
                  html_text(fixtures::name(cell.mark)), html_text(fixtures::reason(cell)));
  for (const server::ConnectionRecord& record : cell.records) {
    text += "<pre>" + html_lines(connection(record)) + "</pre>";
  }
  if (!cell.says.log.empty()) {
    text += "<p>The sender:</p><pre>";
    for (const std::string& line : cell.says.log) text += html_text(line) + "\n";
    text += "</pre>";
  }
  return text + "</details></td>";
}

std::string adapter_html(const GatewayResult& result) {
  std::string text = fmt::format("<h2>{}</h2><p>{}</p>\n", html_text(result.adapter.name),
                                 html_text(result.adapter.version));
  if (!result.adapter.missing.empty()) {
    return text + fmt::format("<p>Skipped: {}</p>\n", html_text(result.adapter.missing));
  }
  if (result.modes.empty()) return text;
  text += "<table><thead><tr><th>scenario</th>";
  for (const ModeResult& mode : result.modes) {
    text +=
        fmt::format("<th title=\"{}\">{}<br><small>{}</small></th>", html_text(mode.mode.summary),
                    html_text(mode.mode.name), checker::name(mode.mode.policy));
  }
  text += "</tr></thead><tbody>\n";
  for (std::size_t row = 0; row < result.modes.front().cells.size(); ++row) {
    const std::string scenario = html_text(result.modes.front().cells[row].scenario);
    text += fmt::format("<tr><td data-key=\"{0}\">{0}</td>", scenario);
    for (const ModeResult& mode : result.modes) text += cell_html(mode.cells[row]);
    text += "</tr>\n";
  }
  return text + "</tbody></table>\n";
}

}  // namespace

std::string gateway_html(const std::vector<GatewayResult>& results) {
  std::string page(html_head);
  for (const GatewayResult& result : results) page += adapter_html(result);
  return page + std::string(tail);
}

}  // namespace badmx::cli
