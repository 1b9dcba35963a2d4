-- Asks a list of addresses once each, in turn: wrk -s web_addresses.lua ADDRESS -- FILE [PAUSE_MS]
-- What stands after a tab is sent as a form.
-- A connection for each, as a server with TLS in front makes them unless told otherwise: who keeps
-- some open has them all with the process that took them first.
local paths, at = {}, 0
local headers = { Connection = "close" }
local form = { Connection = "close", ["Content-Type"] = "application/x-www-form-urlencoded" }

function init(args)
  for line in io.lines(args[1]) do
    paths[#paths + 1] = line
  end
  local pause = tonumber(args[2] or 0)
  if pause > 0 then
    -- Between half of it and one and a half: readers do not click in step.
    function delay()
      return math.floor(pause * (0.5 + math.random()))
    end
  end
end

function request()
  at = at + 1
  local path, body = paths[(at - 1) % #paths + 1]:match("^([^\t]*)\t?(.*)$")
  if body ~= "" then
    return wrk.format("POST", path, form, body)
  end
  return wrk.format("GET", path, headers)
end

function response()
  answered = (answered or 0) + 1
  if answered >= #paths then
    -- The one who started wrk ends it then: by itself it would wait till its time is up.
    wrk.thread:stop()
    io.write("all answered\n")
    io.flush()
  end
end

function done(summary, latency)
  local wrong = summary.errors
  io.write(string.format("median=%.1f p99=%.1f asked=%d wrong=%d seconds=%.3f\n",
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, summary.requests,
    wrong.connect + wrong.read + wrong.write + wrong.status + wrong.timeout,
    summary.duration / 1000000))
end
