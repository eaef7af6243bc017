using SmsAi.Core.Features.Searching;
using SmsAi.Core.Platform.Privacy;
using SmsAi.Tests.Pipeline.Ledger;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Privacy;

namespace SmsAi.Tests.Features.Searching;

/// <summary>Texts become findable through the ledger, and only as long as they can be read.</summary>
public sealed class TermsReaderTests : IAsyncLifetime
{
    private static readonly DateTimeOffset March = new(2026, 3, 10, 14, 31, 57, TimeSpan.Zero);
    private TestDatabase _database = null!;
    private HandPerson _person = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _person = await HandPerson.AddAsync(_database);
    }

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    private SearchKeys Keys => new(_database.Databases.Road, TestKeys.Masters);

    private Task ReadAsync() => _database.ReadAllAsync(new TermsReader(new PersonKeys(TestKeys.Masters), Keys));

    private async Task<IReadOnlyList<long>> FindAsync(string words) => await _database.ListAsync<long>(
        "select message_id from message_terms where terms @@ $1::tsquery order by 1",
        SearchTerms.ToQuery(words, await Keys.LivingAsync(CancellationToken.None)));

    [Fact]
    public async Task Text_and_answer_are_found_by_their_words_in_order()
    {
        await _person.MessageAsync(1000, March, "Why does my deploy keep failing?");
        await _person.MessageAsync(1001, March.AddSeconds(2), "Your deploy ran out of memory.", "out", "answer", "pending", replyTo: 1000);
        await _person.EventAsync("received", """{"m":1000}""", 1000, March);
        await _person.EventAsync("answered", """{"m":1001,"r":1000}""", 1000, March.AddSeconds(2));
        await ReadAsync();

        (await FindAsync("deploy")).ShouldBe([1000, 1001]);
        (await FindAsync("\"out of memory\"")).ShouldBe([1001]);
        (await FindAsync("\"memory of out\"")).ShouldBeEmpty();
        (await FindAsync("deploy -memory")).ShouldBe([1000]);
        (await _database.ScalarAsync<long>("select count(*) from message_terms where terms::text ~* 'deploy|memory'")).ShouldBe(0);
    }

    [Fact]
    public async Task Texts_of_two_months_are_found_under_the_keys_of_both()
    {
        await _person.MessageAsync(1000, March, "the deploy");
        await _person.MessageAsync(2000, March.AddMonths(1), "a deploy");
        await _person.EventAsync("received", """{"m":1000}""", 1000, March);
        await _person.EventAsync("received", """{"m":2000}""", 2000, March.AddMonths(1));
        await ReadAsync();

        (await FindAsync("deploy")).ShouldBe([1000, 2000]);
        (await _database.ListAsync<DateOnly>("select month from search_keys order by month")).ShouldBe([new(2026, 3, 1), new(2026, 4, 1)]);
    }

    [Fact]
    public async Task Erased_text_and_text_under_a_destroyed_key_leave_no_terms_and_stop_nobody()
    {
        var erased = await HandPerson.AddAsync(_database, "quiet-heron-08", "12");
        await _person.MessageAsync(1000, March, body: null);
        await erased.MessageAsync(1010, March, "gone");
        await _person.MessageAsync(1020, March, "kept");
        await _person.EventAsync("received", """{"m":1000}""", 1000, March);
        await erased.EventAsync("received", """{"m":1010}""", 1010, March);
        await _person.EventAsync("received", """{"m":1020}""", 1020, March);
        await _person.EventAsync("received", """{"m":1030}""", 1030, March);
        await _database.ExecuteAsync("delete from user_keys where user_id = $1", erased.Id);
        await ReadAsync();

        (await _database.ListAsync<long>("select message_id from message_terms")).ShouldBe([1020]);
        (await _database.ScalarAsync<long>("select count(*) from error_logs")).ShouldBe(0);
    }

    [Fact]
    public async Task Body_that_was_tampered_with_is_left_out_and_reported_without_its_words()
    {
        await _person.MessageAsync(1000, March, "secret plan");
        await _person.MessageAsync(1010, March, "kept");
        await _database.ExecuteAsync("update messages set body_cipher = set_byte(body_cipher, 30, 255 - get_byte(body_cipher, 30)) where id = 1000");
        await _person.EventAsync("received", """{"m":1000}""", 1000, March);
        await _person.EventAsync("received", """{"m":1010}""", 1010, March);
        await ReadAsync();

        (await _database.ListAsync<long>("select message_id from message_terms")).ShouldBe([1010]);
        (await _database.ScalarAsync<string>("select operation || ' ' || error_message from error_logs"))!.ShouldStartWith("terms The reader terms could not apply the event ");
    }
}
