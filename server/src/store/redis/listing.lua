-- A role has a limited list of links, and one of sessions: the oldest makes room.
local LIST_MAX = 20
local function enlist(list, digest, role)
  local made_room = {}
  if call('HSETNX', at(list), digest, role) == 1 then call('RPUSH', at(list .. ':' .. role), digest) end
  while call('LLEN', at(list .. ':' .. role)) > LIST_MAX do
    local oldest = call('LPOP', at(list .. ':' .. role))
    call('HDEL', at(list), oldest)
    made_room[#made_room + 1] = oldest
  end
  return made_room
end
