using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Platform.Shell.Finding;

/// <summary>The palette of one screen. What is typed stays in the circuit: it may be somebody's number.</summary>
public sealed partial class Palette : IDisposable
{
    private PaletteResult _found = new("", [], []);
    private IReadOnlyList<IGrouping<string, PaletteItem>> _groups = [];
    private string? _shownFor;
    private string _typed = "";
    private RailModel? _seen;
    private CancellationTokenSource _typing = new();

    [CascadingParameter] public required RailModel Rail { get; set; }

    [CascadingParameter] private Task<AuthenticationState>? Authentication { get; set; }

    [Inject] public required PaletteSearch Search { get; init; }

    [Inject] public required Toasts Toasts { get; init; }

    public void Dispose()
    {
        _typing.Cancel();
        _typing.Dispose();
    }

    /// <summary>What may be done depends on the state of the service.</summary>
    protected override async Task OnParametersSetAsync()
    {
        if (_seen?.Condition == Rail.Condition && _seen.AiOffSince == Rail.AiOffSince) return;
        _seen = Rail;
        await FindAsync();
    }

    private static string IdOf(PaletteItem item) => "palette-" + Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(item.Id));

    private Task TypeAsync(ChangeEventArgs change)
    {
        _typed = change.Value as string ?? "";
        return FindAsync();
    }

    private async Task FindAsync()
    {
        // The search is this letter's own before anything is waited for: the next letter may come meanwhile.
        var before = _typing;
        _typing = new CancellationTokenSource();
        var (typed, cancel) = (_typed, _typing.Token);
        await before.CancelAsync();
        before.Dispose();
        try
        {
            cancel.ThrowIfCancellationRequested();
            var found = await Search.FindAsync(typed, Authentication, Rail, cancel);
            if (cancel.IsCancellationRequested) return;
            (_found, _groups, _shownFor) = (found, [.. found.Items.GroupBy(item => item.Group)], typed);
        }
        catch (Exception) when (cancel.IsCancellationRequested)
        {
            // Another letter was typed meanwhile.
        }
    }

    private async Task RunAsync(PaletteItem item)
    {
        if (item.Run is not { } run) return;
        try
        {
            await run();
        }
        catch (UnauthorizedAccessException)
        {
            Toasts.Show($"{item.Title.TrimEnd('…')}: your role may not do this", Tone.Stop);
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            Toasts.Show($"{item.Title.TrimEnd('…')}: the database doesn't answer", Tone.Stop);
        }
    }

    private RenderFragment Line(PaletteItem item) => PaletteLine.Of(item, _found.Text);
}
