using Npgsql;
using SmsAi.Core.Pipeline.Ledger;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Core.Features.Searching;

/// <summary>Makes texts findable a second after they came: their words, blinded under the key of their month, in a table of their own.</summary>
internal sealed class TermsReader(PersonKeys personKeys, SearchKeys searchKeys) : ILedgerReader
{
    private const string Bodies = """
        select m.id, m.created_at, m.key_id, m.body_cipher from unnest($1::bigint[], $2::timestamptz[]) x(id, at)
        join messages m on m.id = x.id and m.created_at = x.at
        where m.body_cipher is not null and m.key_id is not null
        """;

    private const string Insert = """
        insert into message_terms (message_id, created_at, terms)
        select id, at, terms::tsvector from unnest($1::bigint[], $2::timestamptz[], $3::text[]) x(id, at, terms)
        on conflict do nothing
        """;

    public string Name => "terms";

    public async Task ApplyAsync(NpgsqlConnection connection, IReadOnlyList<LedgerEvent> events, CancellationToken cancel)
    {
        long[] messages =
        [
            .. events.Where(entry => entry.Type is EventTypes.Received or EventTypes.Answered)
                .Select(entry => EventData.Of(entry).Number("m")).OfType<long>().Distinct(),
        ];
        var places = await MessagePlaces.FindAsync(connection, messages, events, cancel);
        if (places.Count == 0)
            return;

        var bodies = await BodiesAsync(connection, places, cancel);
        // A key that is gone means an erased person or an anonymised month: nothing is left to find.
        var keys = await personKeys.LoadAsync(connection, [.. bodies.Select(body => body.Key).Distinct()], cancel);
        var terms = await TermsAsync([.. bodies.Where(body => keys.ContainsKey(body.Key))], keys, cancel);
        if (terms.Count > 0)
            await InsertAsync(connection, terms, cancel);
    }

    private static async Task<List<Body>> BodiesAsync(
        NpgsqlConnection connection, IReadOnlyDictionary<long, DateTime> places, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(Bodies, connection)
        {
            Parameters = { new() { Value = places.Keys.ToArray() }, new() { Value = places.Values.ToArray() } },
        };
        await using var rows = await command.ExecuteReaderAsync(cancel);
        List<Body> bodies = [];
        while (await rows.ReadAsync(cancel))
            bodies.Add(new(rows.GetInt64(0), rows.GetDateTime(1), rows.GetGuid(2), rows.GetFieldValue<byte[]>(3)));
        return bodies;
    }

    private async Task<List<(Body Body, string Vector)>> TermsAsync(
        List<Body> bodies, IReadOnlyDictionary<Guid, PersonKey> keys, CancellationToken cancel)
    {
        List<(Body, string)> terms = [];
        foreach (var month in bodies.GroupBy(body => new DateOnly(body.At.Year, body.At.Month, 1)))
        {
            using var blinder = new TermBlinder(await searchKeys.GetOrCreateAsync(month.Key, cancel));
            foreach (var body in month)
            {
                var vector = SearchTerms.ToVector(keys[body.Key].Decrypt(body.Cipher, "messages.body", body.Id), blinder);
                if (vector.Length > 0)
                    terms.Add((body, vector));
            }
        }

        return terms;
    }

    private static async Task InsertAsync(NpgsqlConnection connection, List<(Body Body, string Vector)> terms, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(Insert, connection)
        {
            Parameters =
            {
                new() { Value = terms.Select(term => term.Body.Id).ToArray() },
                new() { Value = terms.Select(term => term.Body.At).ToArray() },
                new() { Value = terms.Select(term => term.Vector).ToArray() },
            },
        };
        await command.ExecuteNonQueryAsync(cancel);
    }

    private sealed record Body(long Id, DateTime At, Guid Key, byte[] Cipher);
}
