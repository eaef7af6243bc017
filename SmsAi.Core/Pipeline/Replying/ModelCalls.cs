using System.Collections.Concurrent;
using Npgsql;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Pipeline.Replying;

/// <summary>The model calls of this replica by conversation, so that those whose turn was taken away can be ended while all others go on.</summary>
public sealed class ModelCalls(Databases databases)
{
    private const string Lost = """
        select x.id from unnest($1::bigint[], $2::bigint[]) x(id, fence) left join conversations c on c.id = x.id where c.fence is distinct from x.fence
        """;

    private readonly ConcurrentDictionary<long, Call> _calls = new();

    /// <summary>Begins a call; dispose it when the call is over.</summary>
    public Call Begin(Turn turn)
    {
        var call = new Call(this, turn.ConversationId, turn.Fence);
        _calls[turn.ConversationId] = call;
        return call;
    }

    /// <summary>Ends the calls whose conversation is leased no more under their fence; returns how many. Asks nobody while there are no calls.</summary>
    public async Task<int> EndLostAsync(CancellationToken cancel)
    {
        Call[] calls = [.. _calls.Values];
        if (calls.Length == 0)
            return 0;
        await using var command = databases.Watch.CreateCommand(Lost);
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. calls.Select(call => call.Conversation)] });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. calls.Select(call => call.Fence)] });
        var lost = new HashSet<long>();
        await using (var rows = await command.ExecuteReaderAsync(cancel))
        {
            while (await rows.ReadAsync(cancel))
                lost.Add(rows.GetInt64(0));
        }

        foreach (var call in calls.Where(call => lost.Contains(call.Conversation)))
            call.End();
        return lost.Count;
    }

    /// <summary>A model call in flight.</summary>
    public sealed class Call(ModelCalls calls, long conversation, long fence) : IDisposable
    {
        private readonly CancellationTokenSource _source = new();
        private readonly Lock _gate = new();
        private bool _isOver;

        public long Conversation => conversation;

        public long Fence => fence;

        /// <summary>Cancelled when the conversation was taken from this turn.</summary>
        public CancellationToken Ended => _source.Token;

        public void Dispose()
        {
            calls._calls.TryRemove(KeyValuePair.Create(conversation, this));
            lock (_gate)
                _isOver = true;
            _source.Dispose();
        }

        internal void End()
        {
            lock (_gate)
            {
                if (!_isOver) _source.Cancel();
            }
        }
    }
}
