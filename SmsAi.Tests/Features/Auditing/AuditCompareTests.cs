using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SmsAi.Core.Features.Auditing;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Features.Auditing;

/// <summary>The trail held against its copy outside: what whoever owns the database did to it is named by the first row.</summary>
public sealed class AuditCompareTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("smsai-compare-").FullName;
    private TestDatabase _database = null!;

    private string CopyPath => Path.Combine(_folder, "audit.jsonl");

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        await _database.FillAsync(2500);
        var sink = new AuditFileSink(CopyPath);
        var copy = new AuditCopy(_database.Databases, [sink], Options.Create(new AuditCopyOptions { RowsAtOnce = 1000 }), TimeProvider.System, NullLogger<AuditCopy>.Instance);
        while (await copy.RunOnceAsync(sink, CancellationToken.None) > 0)
        {
            // As long as rows wait.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Trail_that_only_grew_agrees()
    {
        await _database.FillAsync(3);

        (await CompareAsync()).ShouldBe((0, "The trail has rows 1 to 2500 as they are in the copy, and 3 newer ones."));
    }

    [Theory]
    [InlineData("update audit set actor = 'Nobody' where id = 1077", "Row 1077 is another one in the trail. In the copy it is: service.resume by Mara at ")]
    [InlineData("update audit set actor = 'Nobody' where id in (2400, 5)", "Row 5 is another one in the trail.")]
    [InlineData("delete from audit where id > 2490; update audit_head set id = 2490", "Row 2491 is not in the trail any more.")]
    [InlineData("truncate audit; update audit_head set id = 0", "Row 1 is not in the trail any more.")]
    public async Task Trail_written_anew_with_a_whole_chain_is_found_out(string tampering, string words)
    {
        await _database.TamperAsync(tampering + ";" + HandTrail.HashAnew);

        var (code, said) = await CompareAsync();

        code.ShouldBe(1);
        said.ShouldStartWith(words);
    }

    [Theory]
    [InlineData("actor = 'Nobody'")]
    [InlineData("metadata = '{}'")]
    [InlineData("at = at + interval '1 microsecond'")]
    [InlineData("ip = null")]
    public async Task Row_altered_in_place_is_found_out_whatever_its_hash_says(string change)
    {
        await _database.TamperAsync($"update audit set {change} where id = 1077");

        var (code, said) = await CompareAsync();

        code.ShouldBe(1);
        said.ShouldStartWith("Row 1077 is another one in the trail. In the copy it is: service.resume by Mara at ");
    }

    [Fact]
    public async Task Trail_that_cannot_be_read_is_told_as_that()
    {
        await _database.TamperAsync("alter table audit rename to audit_gone");

        (await CompareAsync()).ShouldBe((1, "The trail can't be read (PostgreSQL says 42P01): nothing was compared."));
    }

    [Fact]
    public async Task Copy_with_rows_taken_out_is_told_by_which()
    {
        var lines = await File.ReadAllLinesAsync(CopyPath);
        await File.WriteAllLinesAsync(CopyPath, [.. lines[..1200], .. lines[1203..]]);

        (await CompareAsync()).ShouldBe((1, "The copy lacks rows 1201 to 1203. Up to row 1200 it agrees with the trail."));
    }

    /// <summary>Rotated away at the front, half a line where a crash was, and the batch that came again after it.</summary>
    [Fact]
    public async Task What_rotation_and_crashes_leave_is_no_difference()
    {
        var lines = await File.ReadAllLinesAsync(CopyPath);
        await File.WriteAllLinesAsync(CopyPath, [.. lines[500..1500], lines[1500][..40], .. lines[1400..]]);

        var (code, said) = await CompareAsync();

        code.ShouldBe(0, said);
        said.ShouldBe("Lines that are no whole rows, as a crash leaves them: 1.\nThe trail has rows 501 to 2500 as they are in the copy, and 0 newer ones.");
    }

    [Fact]
    public async Task File_that_is_none_or_empty_is_refused()
    {
        var path = Path.Combine(_folder, "nothing");
        (await CompareAsync(path)).ShouldBe((2, "The file can't be read (FileNotFoundException)."));
        (await CompareAsync("")).ShouldBe((2, "The file can't be read (ArgumentException)."));
        await File.WriteAllTextAsync(path, "{\"row\":1077}\n");
        (await CompareAsync(path)).Code.ShouldBe(1);
        await File.WriteAllTextAsync(path, "");
        (await CompareAsync(path)).ShouldBe((1, "There is no row in this file."));
        (await CompareAsync()).Code.ShouldBe(0);
        (await CompareAsync(path, "and more")).ShouldBe((2, "audit-compare FILE"));
    }

    private Task<(int Code, string Said)> CompareAsync() => CompareAsync(CopyPath);

    private async Task<(int Code, string Said)> CompareAsync(params string[] args)
    {
        var output = new StringWriter { NewLine = "\n" };
        var code = await new AuditCompareVerb(_database.Databases).RunAsync(args, output, CancellationToken.None);
        return (code, output.ToString().TrimEnd('\n'));
    }
}
