using SmsAi.Core.Features.Searching;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Privacy;
using SmsAi.Tests.Pipeline.Ledger;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Privacy;

namespace SmsAi.Tests.Features.Searching;

/// <summary>Searching encrypted texts: ranked, month by month, for those who may read.</summary>
public sealed class TextSearchTests : IAsyncLifetime
{
    private static readonly DateTimeOffset March = new(2026, 3, 10, 14, 31, 57, TimeSpan.Zero);
    private TestDatabase _database = null!;
    private HandPerson _person = null!;
    private TextSearch _search = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _person = await HandPerson.AddAsync(_database);
        _search = new(_database.Databases, Keys, new MessageBodies(_database.Databases, new PersonKeys(TestKeys.Masters)));
    }

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    private SearchKeys Keys => new(_database.Databases.Road, TestKeys.Masters);

    [Fact]
    public async Task Best_comes_first_and_its_words_are_marked_where_they_stand()
    {
        await SaysAsync(1, March, "The deploy is slow. " + string.Join(' ', Enumerable.Repeat("word", 60)));
        await SaysAsync(2, March.AddMinutes(-5), "Deploy, deploy, DEPLOY!");
        await SaysAsync(3, March.AddMinutes(5), "nothing of the kind");
        await SaysAsync(4, March.AddMinutes(6), string.Join(' ', Enumerable.Repeat("much", 30)) + " before the Déploy and after");

        var found = await FindAsync("deploy");

        found.Texts[0].Message.ShouldBe(2);
        found.Texts.Select(text => text.Message).ShouldBe([2, 1, 4], ignoreOrder: true);
        found.Texts[0].Snippet.Where(part => part.IsHit).Select(part => part.Text).ShouldBe(["Deploy", "deploy", "DEPLOY"]);
        string.Concat(found.Texts.Single(text => text.Message == 4).Snippet.Select(part => part.Text)).ShouldEndWith("before the Déploy and after");
        found.Texts.Single(text => text.Message == 4).Snippet[0].Text.ShouldBe("…");
        found.HasMore.ShouldBeFalse();
    }

    [Fact]
    public async Task Months_are_searched_from_the_newest_and_a_destroyed_one_no_more()
    {
        await SaysAsync(1, March, "the parcel");
        await SaysAsync(2, March.AddMonths(1), "a parcel");
        (await FindAsync("parcel")).Texts.Select(text => text.Message).ShouldBe([2, 1]);

        await _database.ExecuteAsync("delete from search_keys where month = '2026-03-01'");

        (await FindAsync("parcel")).Texts.Select(text => text.Message).ShouldBe([2]);
        await _database.ExecuteAsync("delete from user_keys");
        (await FindAsync("parcel")).Texts.ShouldBeEmpty();
    }

    [Fact]
    public async Task It_stops_at_fifty_and_says_that_there_is_more()
    {
        for (var n = 1; n <= 53; n++)
            await SaysAsync(n, March.AddMinutes(n), $"parcel {n}");

        var found = await FindAsync("parcel");

        (found.Texts.Count, found.HasMore).ShouldBe((50, true));
        (await FindAsync("\"parcel 7\"")).Texts.Single().Message.ShouldBe(7);
        (await FindAsync("-parcel")).Texts.ShouldBeEmpty();
        (await FindAsync("' | !")).Texts.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_only_suggested_is_not_found()
    {
        await SaysAsync(1, March, "parcel", "draft");
        (await FindAsync("parcel")).Texts.ShouldBeEmpty();
    }

    private Task<FoundTexts> FindAsync(string words) => _search.FindAsync(words, OperatorRoles.Operator, CancellationToken.None);

    private async Task SaysAsync(long id, DateTimeOffset at, string body, string state = "received")
    {
        await _person.MessageAsync(id, at, body, state == "draft" ? "out" : "in", state == "draft" ? "answer" : "text", state);
        await _person.EventAsync("received", $$"""{"m":{{id}}}""", id, at);
        await _database.ReadAllAsync(new TermsReader(new PersonKeys(TestKeys.Masters), Keys));
    }
}
