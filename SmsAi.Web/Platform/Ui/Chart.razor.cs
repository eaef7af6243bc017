using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace SmsAi.Web.Platform.Ui;

/// <summary>Keeps one drawn chart in step with its data: made once, updated in place, taken down cleanly.</summary>
public sealed partial class Chart : IAsyncDisposable
{
    private ElementReference _canvas;
    private IJSObjectReference? _module;
    private IJSObjectReference? _drawing;
    private ChartData? _drawn;
    private bool _showsTable;
    private bool _leaving;
    private bool _isDrawing;

    [Inject] public required IJSRuntime Browser { get; init; }

    [Parameter, EditorRequired] public string Title { get; set; } = "";

    [Parameter, EditorRequired] public ChartData Data { get; set; } = ChartData.Empty;

    /// <summary>What the picture says, in one sentence.</summary>
    [Parameter, EditorRequired] public string Sentence { get; set; } = "";

    [Parameter] public ChartKind Kind { get; set; }

    [Parameter] public ChartUnit Unit { get; set; }

    /// <summary>The plot's height in pixels, without the labels below it.</summary>
    [Parameter] public int Height { get; set; } = 176;

    [Parameter] public string LabelHead { get; set; } = "Time";

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // Renderings may follow each other faster than the browser draws: one at a time, and then the newest.
        if (_isDrawing) return;
        _isDrawing = true;
        try
        {
            while (!_showsTable && !_leaving && !ReferenceEquals(_drawn, Data))
            {
                _drawn = Data;
                await DrawAsync(Data);
            }
        }
        catch (Exception fault) when (fault is JSDisconnectedException or TaskCanceledException or ObjectDisposedException)
        {
            // The browser went away; there is nobody left to draw for.
        }
        finally
        {
            _isDrawing = false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _leaving = true;
        await EraseAsync();
        if (_module is not null) await SilentlyAsync(_module.DisposeAsync());
    }

    private async Task DrawAsync(ChartData data)
    {
        _module ??= await Browser.InvokeAsync<IJSObjectReference>("import", "./built/js/chart.js");
        if (_leaving) return;
        if (_drawing is null)
            _drawing = await _module.InvokeAsync<IJSObjectReference>("draw", _canvas, Kind.ToString(), Unit.ToString(), Height, data, ChartMarks.Here);
        else
            await _drawing.InvokeVoidAsync("update", data);
    }

    private async Task ToggleTable()
    {
        if (!_showsTable) await EraseAsync();
        _showsTable = !_showsTable;
    }

    private async Task EraseAsync()
    {
        _drawn = null;
        if (_drawing is not { } drawing) return;
        _drawing = null;
        await SilentlyAsync(drawing.InvokeVoidAsync("erase"));
        await SilentlyAsync(drawing.DisposeAsync());
    }

    private static async Task SilentlyAsync(ValueTask call)
    {
        try
        {
            await call;
        }
        catch (Exception fault) when (fault is JSDisconnectedException or TaskCanceledException)
        {
            // The circuit is gone and its objects with it.
        }
    }
}
