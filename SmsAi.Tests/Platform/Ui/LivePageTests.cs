using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Tests.Platform.Ui;

/// <summary>A page that reads while the database is away says so, and stays.</summary>
public sealed class LivePageTests : BunitContext
{
    // Nobody listens there.
    private const string Nowhere = "Host=127.0.0.1;Port=1;Username=nobody;Database=nothing;Timeout=2";

    [Fact]
    public void Page_that_reads_by_a_command_says_that_the_database_is_away() => SaysItIsAway(async cancel =>
    {
        await using var connection = new NpgsqlConnection(Nowhere);
        await connection.OpenAsync(cancel);
    });

    [Fact]
    public void Page_that_reads_by_the_model_says_that_the_database_is_away() => SaysItIsAway(async cancel =>
    {
        await using var db = new SmsAiDb(new DbContextOptionsBuilder<SmsAiDb>().UseNpgsql(Nowhere).Options);
        await db.People.AnyAsync(cancel);
    });

    [Fact]
    public async Task Reading_that_fails_after_the_page_was_left_troubles_no_other_page()
    {
        var fault = new TaskCompletionSource();
        var reading = Render<ReadingPage>(with => with.Add(one => one.Read, _ => fault.Task)).Instance.Reading;

        await DisposeComponentsAsync();
        fault.SetException(new NpgsqlException("The operation has timed out"));

        await Should.NotThrowAsync(() => reading);
    }

    private void SaysItIsAway(Func<CancellationToken, Task> readAsync)
    {
        var page = Render<ReadingPage>(with => with.Add(one => one.Read, readAsync));

        page.WaitForAssertion(() => page.Markup.ShouldContain("The database doesn't answer, so nothing is sent."), TimeSpan.FromSeconds(20));
    }

    /// <summary>Reads once, as told.</summary>
    private sealed class ReadingPage : LivePage
    {
        [Parameter, EditorRequired] public Func<CancellationToken, Task> Read { get; set; } = _ => Task.CompletedTask;

        public Task Reading { get; private set; } = Task.CompletedTask;

        protected override Task OnParametersSetAsync() => Reading = ReadAsync(Read);

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.OpenComponent<OutOfReach>(0);
            builder.AddComponentParameter(1, nameof(OutOfReach.Shown), IsOutOfReach);
            builder.CloseComponent();
        }
    }
}
