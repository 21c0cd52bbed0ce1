-- Takes away what steps of version 1 kept of a meeting, in which documents, ballots, keys and names lay open. Who wrote in it
-- stays: they are waited for until they have brought theirs back.
local function empty_earlier()
  local told, rules = call('HGETALL', at('meeting')), call('HGET', at('meeting'), 'rules')
  for place = 1, #told, 2 do
    local round = string.match(told[place], '^round:(%d+)$')
    if round then
      for _, part in ipairs({'box', 'keys', 'issued', 'counts', 'released', 'since', 'took', 'casters'}) do
        call('UNLINK', at(part .. ':' .. round))
      end
      -- A sheet has 200 rows at most.
      for contest = 1, 200 do call('UNLINK', at('pending:' .. round .. ':' .. contest)) end
    end
  end
  for group in pairs(cjson.decode(rules).groups) do call('UNLINK', at('free:' .. group)) end
  for _, role in ipairs({'voter', 'chair', 'teller', 'scrutineer', 'projector'}) do
    call('UNLINK', at('links:' .. role), at('sessions:' .. role))
  end
  for _, part in ipairs({'meeting', 'seats', 'codes', 'taken', 'credentials', 'leads', 'led', 'heads', 'links', 'sessions',
      'manifests', 'copies', 'merged', 'frozen', 'casting', 'erased', 'destroyed', 'touched'}) do
    call('UNLINK', at(part))
  end
end
