using SmsAi.Core.Platform.Privacy;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Platform.Privacy;

/// <summary>What PostgreSQL finds by blinded terms.</summary>
public sealed class SearchInDatabaseTests
{
    private static readonly DateOnly March = new(2026, 3, 1);
    private static readonly DateOnly April = new(2026, 4, 1);

    [Fact]
    public async Task Words_phrases_and_exclusions_find_the_right_texts_of_every_month()
    {
        await using var database = await TestDatabase.CreateAsync();
        var keys = new SearchKeys(database.Databases.Road, TestKeys.Masters);
        var march = await keys.GetOrCreateAsync(March, default);
        var april = await keys.GetOrCreateAsync(April, default);
        await KeepAsync(database, 1, march, "Can we meet for coffee at the station?");
        await KeepAsync(database, 2, april, "Coffee? We can meet at noon, the station is closed.");
        await KeepAsync(database, 3, april, "Write to Anna.Lee@example.com or call 0170-1234567");
        await KeepAsync(database, 4, april, "明日は東京都へ行きます 👋");
        await KeepAsync(database, 5, april, "👋");

        async Task<string> FindAsync(string words) => string.Join(' ', await database.ListAsync<long>(
            "select message_id from message_terms where terms @@ $1::tsquery order by message_id",
            SearchTerms.ToQuery(words, await keys.LivingAsync(default))));

        (await FindAsync("COFFEE")).ShouldBe("1 2");
        (await FindAsync("coffee station")).ShouldBe("1 2");
        (await FindAsync("\"the station\"")).ShouldBe("1 2");
        (await FindAsync("\"coffee at the station\"")).ShouldBe("1");
        (await FindAsync("\"can we\"")).ShouldBe("1");
        (await FindAsync("coffee -noon")).ShouldBe("1");
        (await FindAsync("coffee -\"we can\"")).ShouldBe("1");
        (await FindAsync("coffee tea")).ShouldBe("");
        (await FindAsync("anna.lee@EXAMPLE.com")).ShouldBe("3");
        (await FindAsync("example.com")).ShouldBe("3");
        (await FindAsync("01701234567")).ShouldBe("3");
        (await FindAsync("\"or call 0170-1234567\"")).ShouldBe("3");
        (await FindAsync("東京")).ShouldBe("4");
        (await FindAsync("東京都へ行")).ShouldBe("4");
        (await FindAsync("京東")).ShouldBe("");
    }

    [Fact]
    public async Task Any_text_makes_a_vector_and_a_query_that_PostgreSQL_accepts()
    {
        await using var database = await TestDatabase.CreateAsync();
        var key = await new SearchKeys(database.Databases.Road, TestKeys.Masters).GetOrCreateAsync(March, default);
        var random = new Random(2026);
        for (var round = 0; round < 200; round++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(1, 400)).Select(_ => (char)random.Next(0, round % 2 == 0 ? 0x10000 : 0x100))]);
            (await database.ScalarAsync<bool>("select length($1::tsvector) >= 0", SearchTerms.ToVector(text, key))).ShouldBeTrue();
            (await database.ScalarAsync<bool>("select numnode($1::tsquery) >= 0", SearchTerms.ToQuery(text, [key, key]))).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Longest_texts_make_vectors_that_PostgreSQL_accepts()
    {
        await using var database = await TestDatabase.CreateAsync();
        var key = await new SearchKeys(database.Databases.Road, TestKeys.Masters).GetOrCreateAsync(March, default);
        foreach (var piece in (string[])["a ", "\uFDFA ", "京", "a1b2.c3 "])
        {
            var text = string.Concat(Enumerable.Repeat(piece, 10_000));
            (await database.ScalarAsync<int>("select length($1::tsvector)", SearchTerms.ToVector(text, key))).ShouldBeGreaterThan(0);
        }
    }

    [Fact]
    public async Task Month_whose_key_is_destroyed_is_found_no_more()
    {
        await using var database = await TestDatabase.CreateAsync();
        var keys = new SearchKeys(database.Databases.Road, TestKeys.Masters);
        await KeepAsync(database, 1, await keys.GetOrCreateAsync(March, default), "coffee");
        await KeepAsync(database, 2, await keys.GetOrCreateAsync(April, default), "coffee");

        await database.ExecuteAsync("delete from search_keys where month = $1", March);

        (await database.ListAsync<long>("select message_id from message_terms where terms @@ $1::tsquery",
            SearchTerms.ToQuery("coffee", await keys.LivingAsync(default)))).ShouldBe([2L]);
    }

    private static Task<int> KeepAsync(TestDatabase database, long id, SearchKey key, string text) => database.ExecuteAsync(
        "insert into message_terms (message_id, created_at, terms) values ($1, now(), $2::tsvector)", id, SearchTerms.ToVector(text, key));
}
