-- A credential takes a seat. ARGV: 4 'code' or 'open', 5 the code or the group, 6 the credential, 7 the subject that the voter
-- says to lead ('0' for none, '' where nobody asked), 8 '1' where the credential may have a seat in another meeting.
if standing ~= 'fine' then return answer('') end
local by, wanted, credential, said = ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local told = call('HMGET', at('meeting'), 'phase', 'rules')
local phase, rules = told[1], cjson.decode(told[2])
local seat
if by == 'code' then
  seat = call('HGET', at('codes'), wanted)
  if not seat then return answer('unknown') end
  local sitting = call('HGET', at('taken'), seat)
  if sitting and sitting ~= credential then return answer('taken') end
elseif rules.admission ~= 'open' or not rules.groups[wanted] then
  return answer('unknown')
end
local function seated(number)
  return answer('seated', number, group_of(number), call('HGET', at('leads'), number) or '')
end
-- One credential, one seat: a phone that asks with a second code keeps the seat that it has, and the code stays free.
if ARGV[8] == '1' then return answer('elsewhere') end
local own = call('HGET', at('credentials'), credential)
if own then return seated(own) end
if phase == 'draft' then return answer('not_yet_open') end
if phase ~= 'checkin' and phase ~= 'in_session' then return answer('over') end
if by == 'open' then
  seat = call('ZRANGE', at('free:' .. wanted), 0, 0)[1]
  if not seat then return answer('full') end
end
local group, leads = group_and_subject(call('HGET', at('seats'), seat))
local heads = rules.groups[group] or {leaders = 0, entitled = 0}
local named = tonumber(call('HGET', at('heads'), 'named:' .. group) or '0')
if leads == '' and heads.leaders > named then
  -- Where the roster names every leader of the group, this seat is none and nobody is asked.
  local none_allowed = heads.entitled > heads.leaders
  local is_subject = false
  for _, subject in ipairs(rules.subjects) do is_subject = is_subject or tostring(subject) == said end
  if said == '0' and none_allowed then
    leads = ''
  elseif said ~= '' and call('HEXISTS', at('led'), said) == 1 then
    return answer('branch_is_taken')
  elseif is_subject then
    leads = said
  else
    local left = {}
    for _, subject in ipairs(rules.subjects) do
      if call('HEXISTS', at('led'), subject) == 0 then left[#left + 1] = subject end
    end
    return answer('which', group, none_allowed and 1 or 0, left)
  end
end
sit(seat, group, credential, leads)
call('SADD', at('members'), me)
return seated(seat)
