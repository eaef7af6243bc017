using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Features.Errors;
using SmsAi.Core.Platform.Access;
using SmsAi.Web.Features.Auditing;
using SmsAi.Web.Platform.Ui;
using static SmsAi.Web.Platform.Ui.ListAddress;

namespace SmsAi.Web.Features.Errors;

/// <summary>Kept errors, found by state, severity, category, component and time; the list stands still and says when something changed.</summary>
public sealed partial class ErrorsPage
{
    private ErrorQuery _query = new();
    private bool _mayOperate;
    private bool _hasNews;
    private Action? _tell;

    [SupplyParameterFromQuery] public string? State { get; set; }

    [SupplyParameterFromQuery] public string? Category { get; set; }

    [SupplyParameterFromQuery] public string? Severity { get; set; }

    [SupplyParameterFromQuery] public string? Component { get; set; }

    [SupplyParameterFromQuery] public string? Kind { get; set; }

    [SupplyParameterFromQuery] public string? Since { get; set; }

    [SupplyParameterFromQuery] public string? From { get; set; }

    [SupplyParameterFromQuery] public string? To { get; set; }

    [SupplyParameterFromQuery] public string? Before { get; set; }

    [SupplyParameterFromQuery] public string? After { get; set; }

    [SupplyParameterFromQuery] public string? Row { get; set; }

    [Inject] public required ErrorsModel Model { get; init; }

    [Inject] public required OpenErrors Count { get; init; }

    [Inject] public required ActingOperator Acting { get; init; }

    [Inject] public required BrowserClock Clock { get; init; }

    [Inject] public required NavigationManager Navigation { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    [Inject] public required Toasts Toasts { get; init; }

    private long? Open => Number(Row);

    protected override void OnInitialized()
    {
        _tell = OperatorCulture.Kept(Tell);
        Count.Changed += _tell;
    }

    protected override async Task OnParametersSetAsync()
    {
        _query = new()
        {
            State = Given(State),
            Category = Given(Category),
            Severity = Given(Severity),
            Component = Given(Component),
            Kind = Given(Kind),
            Days = new(Given(Since), Given(From), Given(To)),
        };
        _mayOperate = await Acting.MayAsync(Rights.CanOperate);
        await ReadAsync(LoadAsync);
    }

    protected override ValueTask OnLeavingAsync()
    {
        Count.Changed -= _tell;
        return ValueTask.CompletedTask;
    }

    private async Task LoadAsync(CancellationToken cancel)
    {
        await Model.LoadAsync(_query.ToFilter(Clock), ErrorCursor.Parse(Before), ErrorCursor.Parse(After), Open, cancel);
        _hasNews = false;
    }

    private void Tell() => _ = InvokeAsync(() =>
    {
        _hasNews = true;
        StateHasChanged();
    });

    private async Task ActAsync((ErrorAct Act, ErrorDetail Detail) chosen)
    {
        if (await ErrorDialog.OpenAsync(Dialogs, chosen.Act, chosen.Detail) is not { } changed) return;
        await ReadAsync(LoadAsync);
        Toasts.Show((chosen.Act, changed.Changed) switch
        {
            (_, 0) when changed.Before is { } who => $"Not changed: {who} resolved it before",
            (_, 0) => "Not changed: it is so already",
            (ErrorAct.Reopen, _) => "Error is open again",
            var (_, count) => $"{ErrorWords.Errors(count)} resolved",
        }, changed.Changed == 0 ? Tone.Warn : Tone.Ok);
    }

    private void Filter(ErrorQuery query) => Navigation.NavigateTo(Navigation.Search(new()
    {
        ["state"] = query.State,
        ["category"] = query.Category,
        ["severity"] = query.Severity,
        ["component"] = query.Component,
        ["kind"] = query.Kind,
        ["since"] = query.Days.Since,
        ["from"] = query.Days.From,
        ["to"] = query.Days.To,
    }));

    /// <summary>The same page with one thing changed; another search begins at the newest again.</summary>
    private string PathTo(string name, object? value) => name == "row"
        ? Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { [name] = value })
        : Navigation.Search(new() { [name] = value });

    private string PageTo(string direction, ErrorView error) => Navigation.Page(direction, error.Cursor.ToString());
}
