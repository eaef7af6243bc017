using SmsAi.Core.Platform.Privacy;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Platform.Privacy;

/// <summary>Every column of the migrated database has a class, and every class a column.</summary>
public sealed class DataClassesTests
{
    // Partitions have their table's columns.
    private const string Columns = """
        select c.relname || '.' || a.attname
        from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
          and a.attnum > 0 and not a.attisdropped
        order by 1
        """;

    [Fact]
    public async Task Every_column_has_a_class_and_every_class_a_column()
    {
        await using var database = await TestDatabase.CreateAsync();
        var existing = await database.ListAsync<string>(Columns);
        var classified = DataClasses.All.Select(Name).ToArray();

        existing.Where(name => DataClasses.Find(name.Split('.')[0], name.Split('.')[1]) is null).ShouldBeEmpty("These columns have no class: give each one in SmsAi.Core/Platform/Privacy/*Data.cs.");
        classified.Except(existing).ShouldBeEmpty("These classes have no column: take them out of SmsAi.Core/Platform/Privacy/*Data.cs.");
    }

    [Theory]
    [InlineData("messages", "body_cipher", DataClass.Personal, Retention.Days90)]
    [InlineData("user_keys", "wrapped", DataClass.Secret, Retention.WithPerson)]
    [InlineData("tiers", "name", DataClass.Internal, Retention.Forever)]
    [InlineData("qrtz_triggers", "job_data", DataClass.Internal, Retention.WhileNeeded)]
    public void Column_is_found_with_its_class_and_retention(string table, string column, DataClass expected, Retention kept) =>
        DataClasses.Find(table, column).ShouldBe(new ColumnClass(table, column, expected, kept));

    [Fact]
    public void Unknown_column_has_no_class() => DataClasses.Find("messages", "body_in_plain").ShouldBeNull();

    [Fact]
    public void No_column_is_classified_twice() =>
        DataClasses.All.GroupBy(Name).Where(group => group.Count() > 1).Select(group => group.Key).ShouldBeEmpty();

    [Fact]
    public void Ciphers_are_personal_and_keys_are_secret()
    {
        DataClasses.All.Where(column => column.Column.EndsWith("_cipher", StringComparison.Ordinal) && column.Class != DataClass.Personal)
            .Select(Name).ShouldBeEmpty();
        DataClasses.All.Where(column => column.Column is "wrapped" or "password_hash" or "token_hash" or "xml" && column.Class != DataClass.Secret)
            .Select(Name).ShouldBeEmpty();
    }

    [Fact]
    public void Personal_data_kept_forever_has_a_reason() =>
        DataClasses.All.Where(column => column is { Class: DataClass.Personal, Retention: Retention.Forever }).Select(Name)
            .ShouldBe(DataClasses.KeptForeverBecause.Keys, ignoreOrder: true);

    private static string Name(ColumnClass column) => $"{column.Table}.{column.Column}";
}
