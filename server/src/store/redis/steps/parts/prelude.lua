-- Begins every step. KEYS[1] is pingyi:{meeting}: every key of a meeting has it, so all are in one place. It is never there
-- itself, and KEYS[2], the meeting, is: so a Cluster that is moving them runs no step on half of them.
-- ARGV[1] is the epoch that the caller knows (empty: none), ARGV[2] the calling server, ARGV[3] the version of the steps that
-- it brings, a blank, and what its operator key is known by.
-- Every answer begins with {epoch, version, standing}. No step asks for the time, and each may be repeated.
local known, me = ARGV[1], ARGV[2]
local ours, check = string.match(ARGV[3], '^(%d+) (%x+)$')
ours = tonumber(ours)
local call = redis.call
local function at(part) return KEYS[1] .. ':' .. part end

-- A process that was started again, or a replica that took over, has another run id: what it does not know, it lost.
local run = string.match(call('INFO', 'server'), 'run_id:(%w+)')
local head = call('HMGET', at('meeting'), 'epoch', 'version', 'script', 'run', 'recovering', 'check')
local epoch, version = head[1] or '', tonumber(head[2] or '0')
local standing = 'fine'
if not head[1] then standing = 'unknown'
elseif tonumber(head[3]) > ours then standing = 'newer'
elseif tonumber(head[3]) < ours then standing = 'earlier'
elseif head[6] ~= check then standing = 'stranger'
elseif head[4] ~= run then standing = 'lost'
elseif known ~= '' and known ~= epoch then standing = 'other'
elseif head[5] == '1' then standing = 'recovering' end
local function answer(...) return {epoch, version, standing, ...} end

-- The meeting's document, which is sealed, and what of it steps must know, which is not: phase, rules of claims, whether marks
-- are shown live, and the rounds as "number=state=when it ends closing, in milliseconds=servers left out;". Of one that is brought
-- back a round that is counted was armed once, before history was lost.
local function write_document(from, to_version, is_back)
  version = to_version
  call('HSET', at('meeting'), 'version', version, 'document', ARGV[from], 'phase', ARGV[from + 1],
    'rules', ARGV[from + 2], 'live', ARGV[from + 3])
  for number, state, ends, without in string.gmatch(ARGV[from + 4], '(%d+)=(%a+)=(%d*)=([^;]*);') do
    call('HSET', at('meeting'), 'round:' .. number, state, 'ends:' .. number, ends, 'without:' .. number, without)
    if state == 'armed' or state == 'open' or state == 'closing' or is_back and state == 'counted' then
      call('HSET', at('meeting'), 'armed:' .. number, '1')
    end
  end
end
