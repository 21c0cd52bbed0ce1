-- A role has a limited list of links, and one of sessions: the oldest makes room. A link is kept with its role, a session also
-- with its link's id.
local LIST_MAX = 20
local function enlist(list, digest, role, value)
  local made_room = {}
  if call('HSETNX', at(list), digest, value or role) == 1 then call('RPUSH', at(list .. ':' .. role), digest) end
  while call('LLEN', at(list .. ':' .. role)) > LIST_MAX do
    local oldest = call('LPOP', at(list .. ':' .. role))
    call('HDEL', at(list), oldest)
    made_room[#made_room + 1] = oldest
  end
  return made_room
end
