using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Bench.Rows;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Pipeline.Sending;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Bench.Floor;

/// <summary>Takes texts in, answers and sends them with the floor's three statements, batched as the product batches its own.</summary>
internal sealed class FloorWriter : IAsyncDisposable
{
    private const int Writers = 1;
    private const int LargestBatch = 96;
    private const int ContextTurns = 10;

    private readonly FloorSettings _settings;
    private readonly Databases _databases;
    private readonly Ids _ids;
    private readonly FloorCalls _calls;
    private readonly PhoneHasher _hasher;
    private readonly MasterKeys _masters;
    private readonly ThreadLocal<TermBlinder> _search;
    private readonly ConcurrentDictionary<long, FloorPerson> _people = new();
    private readonly WriterTurn _turn = new(atOnce: 1, WriterTurn.UsualPatience);
    private readonly GroupCommit<FloorText, bool> _takeIn;
    private readonly GroupCommit<FloorText, bool> _answer;
    private readonly GroupCommit<FloorText, bool> _sent;

    private FloorWriter(FloorSettings settings, Databases databases, PhoneHasher hasher, MasterKeys masters, SearchKey search)
    {
        (_settings, _databases, _hasher, _masters, _search) = (settings, databases, hasher, masters, new(() => new TermBlinder(search), trackAllValues: true));
        (_ids, _calls) = (new Ids(databases.Road), new FloorCalls(settings));
        _takeIn = new(databases.Road, Writers, LargestBatch, capacity: 8192, TakeInAsync, _turn);
        _answer = new(databases.Road, Writers, LargestBatch, capacity: 8192, AnswerAsync, _turn);
        _sent = new(databases.Road, Writers, LargestBatch, capacity: 8192, SentAsync, _turn);
    }

    public static async Task<FloorWriter> StartAsync(FloorSettings settings)
    {
        var databases = new Databases(settings.Database);
        var masters = new MasterKeys(Convert.FromBase64String(settings.EncryptionKey));
        var search = await new SearchKeys(databases.Road, masters).GetOrCreateAsync(Month, CancellationToken.None);
        var writer = new FloorWriter(settings, databases, new PhoneHasher(Convert.FromBase64String(settings.PhoneHashKey)), masters, search);
        await writer.MeetAsync(settings.Known);
        return writer;
    }

    /// <summary>Completes when the text is stored.</summary>
    public async Task<FloorText> TakeInAsync(long number, string sid, string words)
    {
        if (!_people.TryGetValue(number, out var person))
        {
            var key = PersonKey.Create();
            var row = PersonRow.Make((await _ids.Users.TakeAsync(1, CancellationToken.None))[0], number, _hasher, _masters);
            _people[number] = person = new FloorPerson(row, key, _masters.Wrap(key));
        }

        var id = (await _ids.Messages.TakeAsync(1, CancellationToken.None))[0];
        var text = new FloorText(
            person, id, sid, words, MessageRow.Make(id, words, person.Key, _hasher, _search.Value!), person.Key.Encrypt(MessageRow.Fields, "messages.fields", id));
        await _takeIn.AddAsync(text, CancellationToken.None);
        person.IsNew = false;
        return text;
    }

    /// <summary>Asks the model, stores, sends, stores.</summary>
    public async Task AnswerAsync(FloorText text)
    {
        var said = text.Person.Said;
        var words = await _calls.AskAsync(text, [.. said, new("user", text.Words)]);
        text.AnswerId = (await _ids.Messages.TakeAsync(1, CancellationToken.None))[0];
        text.AnswerRow = MessageRow.Make(text.AnswerId, words, text.Person.Key, _hasher, _search.Value!);
        text.AnswerEvent = new Draft("answer", words, 1)
        {
            Model = text.Model,
            TokensIn = text.TokensIn,
            TokensOut = text.TokensOut,
            ModelMs = text.ModelMs,
            ModelMicros = 30,
            Turns = said.Count + 1,
            PromptCharacters = 400,
        }.EventData(text.AnswerId, text.Id);
        await _answer.AddAsync(text, CancellationToken.None);
        text.AnswerSid = await _calls.SendAsync(text, words);
        await _sent.AddAsync(text, CancellationToken.None);
        said.AddRange([new("user", text.Words), new("assistant", words)]);
        said.RemoveRange(0, Math.Max(0, said.Count - ContextTurns));
    }

    public async ValueTask DisposeAsync()
    {
        await _takeIn.DisposeAsync();
        await _answer.DisposeAsync();
        await _sent.DisposeAsync();
        _turn.Dispose();
        foreach (var blinder in _search.Values)
            blinder.Dispose();
        _search.Dispose();
        _calls.Dispose();
        _ids.Dispose();
        await _databases.DisposeAsync();
    }

    private static DateOnly Month => new(DateTime.UtcNow.Year, DateTime.UtcNow.Month, 1);

    // Whoever is stored keeps her id and her key of the month; what else her row holds is not written again.
    private async Task MeetAsync(NumberRange known)
    {
        var numbers = Enumerable.Range(0, known.Count).Select(index => known.First + index)
            .ToDictionary(number => Convert.ToHexString(PersonRow.Make(0, number, _hasher, _masters).Hash));
        await using var command = _databases.Road.CreateCommand(FloorSql.Known);
        command.Parameters.Add(new NpgsqlParameter<byte[][]> { TypedValue = [.. numbers.Keys.Select(Convert.FromHexString)] });
        command.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = Month });
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            var number = numbers[Convert.ToHexString(rows.GetFieldValue<byte[]>(0))];
            var wrapped = rows.GetFieldValue<byte[]>(3);
            var row = PersonRow.Make(rows.GetInt64(1), number, _hasher, _masters);
            _people[number] = new FloorPerson(row, _masters.Unwrap(rows.GetGuid(2), wrapped), wrapped) { IsNew = false };
        }
    }

    private async Task<bool[]> TakeInAsync(IReadOnlyList<FloorText> texts)
    {
        await using var command = _databases.Road.CreateCommand(FloorSql.TakeIn);
        var parameters = command.Parameters;
        parameters.Add(Columns.Of(texts, text => text.Sid, NpgsqlDbType.Text));
        parameters.Add(Columns.Of(texts, text => text.Person.IsNew ? text.Person.Row.Hash : null, NpgsqlDbType.Bytea));
        parameters.Add(Columns.Of(texts, text => text.Person.Row.UserId, NpgsqlDbType.Bigint));
        parameters.Add(Columns.Of(texts, text => text.Person.IsNew ? text.Person.Row.PhoneCipher : null, NpgsqlDbType.Bytea));
        parameters.Add(Columns.Of(texts, text => text.Person.Row.Tail, NpgsqlDbType.Text));
        parameters.Add(Columns.Of(texts, text => text.Person.IsNew ? text.Person.Row.Alias : null, NpgsqlDbType.Text));
        parameters.Add(Columns.Of(texts, _ => PersonRow.Country, NpgsqlDbType.Text));
        parameters.Add(Columns.Of(texts, text => text.Person.Row.Profile.Id, NpgsqlDbType.Uuid));
        parameters.Add(Columns.Of(texts, text => text.Person.IsNew ? text.Person.Row.WrappedProfile : null, NpgsqlDbType.Bytea));
        parameters.Add(Columns.Of(texts, text => text.Person.Key.Id, NpgsqlDbType.Uuid));
        parameters.Add(Columns.Of(texts, text => text.Person.IsNew ? text.Person.Wrapped : null, NpgsqlDbType.Bytea));
        parameters.Add(Columns.Of(texts, text => text.Id, NpgsqlDbType.Bigint));
        parameters.Add(Columns.Of(texts, text => text.Row.Body, NpgsqlDbType.Bytea));
        parameters.Add(Columns.Of(texts, text => text.Fields, NpgsqlDbType.Bytea));
        parameters.Add(Columns.Of(texts, text => text.Row.ContentHash, NpgsqlDbType.Bytea));
        parameters.Add(Columns.Of(texts, text => text.Row.Terms, NpgsqlDbType.Text));
        parameters.Add(Columns.Of(texts, text => Received(text, texts.Count), NpgsqlDbType.Jsonb));
        parameters.Add(new NpgsqlParameter<string> { TypedValue = _settings.OurNumber });
        parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = Month });
        parameters.Add(new NpgsqlParameter<string> { TypedValue = _masters.CurrentId });
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            var text = texts[(int)rows.GetInt64(0) - 1];
            (text.ConversationId, text.Version, text.At) = (rows.GetInt64(1), rows.GetInt64(2), rows.GetDateTime(3));
        }

        return new bool[texts.Count];
    }

    private async Task<bool[]> AnswerAsync(IReadOnlyList<FloorText> texts)
    {
        await using var command = _databases.Road.CreateCommand(FloorSql.Answer);
        var parameters = command.Parameters;
        AddPlaces(parameters, texts);
        parameters.Add(Columns.Of(texts, text => text.AnswerId, NpgsqlDbType.Bigint));
        parameters.Add(Columns.Of(texts, text => text.Id, NpgsqlDbType.Bigint));
        parameters.Add(Columns.Of(texts, text => text.Person.Key.Id, NpgsqlDbType.Uuid));
        parameters.Add(Columns.Of(texts, text => text.AnswerRow.Body, NpgsqlDbType.Bytea));
        parameters.Add(Columns.Of(texts, text => text.AnswerRow.ContentHash, NpgsqlDbType.Bytea));
        parameters.Add(Columns.Of(texts, text => text.AnswerRow.Terms, NpgsqlDbType.Text));
        parameters.Add(Columns.Of(texts, text => text.Model, NpgsqlDbType.Text));
        parameters.Add(Columns.Of(texts, text => text.TokensIn, NpgsqlDbType.Integer));
        parameters.Add(Columns.Of(texts, text => text.TokensOut, NpgsqlDbType.Integer));
        parameters.Add(Columns.Of(texts, text => text.ModelMs, NpgsqlDbType.Integer));
        parameters.Add(Columns.Of(texts, text => text.AnswerEvent, NpgsqlDbType.Jsonb));
        var at = (DateTime)(await command.ExecuteScalarAsync())!;
        foreach (var text in texts)
            text.AnswerAt = at;
        return new bool[texts.Count];
    }

    private async Task<bool[]> SentAsync(IReadOnlyList<FloorText> texts)
    {
        await using var command = _databases.Road.CreateCommand(FloorSql.Sent);
        var parameters = command.Parameters;
        AddPlaces(parameters, texts);
        parameters.Add(Columns.Of(texts, text => text.AnswerId, NpgsqlDbType.Bigint));
        parameters.Add(Columns.Of(texts, text => text.AnswerAt, NpgsqlDbType.TimestampTz));
        parameters.Add(Columns.Of(texts, text => text.Id, NpgsqlDbType.Bigint));
        parameters.Add(Columns.Of(texts, text => text.At, NpgsqlDbType.TimestampTz));
        parameters.Add(Columns.Of(texts, text => text.AnswerSid, NpgsqlDbType.Text));
        parameters.Add(Columns.Of(texts, Sent, NpgsqlDbType.Jsonb));
        parameters.Add(Columns.Of(texts, text => text.Row.ContentHash, NpgsqlDbType.Bytea));
        parameters.Add(Columns.Of(texts, text => text.Sid, NpgsqlDbType.Text));
        parameters.Add(Columns.Of(texts, text => text.TokensIn + text.TokensOut, NpgsqlDbType.Integer));
        await command.ExecuteNonQueryAsync();
        return new bool[texts.Count];
    }

    private static void AddPlaces(NpgsqlParameterCollection parameters, IReadOnlyList<FloorText> texts)
    {
        parameters.Add(Columns.Of(texts, text => text.ConversationId, NpgsqlDbType.Bigint));
        parameters.Add(Columns.Of(texts, text => text.Person.Row.UserId, NpgsqlDbType.Bigint));
        parameters.Add(Columns.Of(texts, text => text.Version, NpgsqlDbType.Bigint));
    }

    private static string Received(FloorText text, int batch) => string.Create(CultureInfo.InvariantCulture,
        $$"""{"m":{{text.Id}},"via":"webhook","token":"primary","url":"as_given","batch":{{batch}},"verdict":"valid"}""");

    private static string Sent(FloorText text) => string.Create(CultureInfo.InvariantCulture,
        $$"""{"m":{{text.AnswerId}},"a":1,"sid":"{{text.AnswerSid}}","ms":2,"micros":7900,"segments":1,"recovered":""}""");
}
